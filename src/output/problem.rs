//! `Problem`: an error as the user sees it, composed from the parts every error has: sentence, place, causes, tenant and object,
//! remedy.

use anstyle::AnsiColor;
use anstyle::Style;

use crate::model::Trouble;

/// Where in a script something stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The script or module.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line itself; empty when only the place is to be named.
    pub text: String,
    /// How many characters from the column on are meant.
    pub width: usize,
}

/// An error, ready to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Problem {
    /// The sentence.
    pub message: String,
    /// Where it happened.
    pub place: Option<Place>,
    /// The calls that led there, innermost first: what and where.
    pub frames: Vec<String>,
    /// The tenant.
    pub tenant: Option<String>,
    /// The object.
    pub object: Option<String>,
    /// What lies underneath, outermost first.
    pub causes: Vec<String>,
    /// What to do.
    pub remedy: Option<String>,
}

impl From<&Trouble> for Problem {
    fn from(trouble: &Trouble) -> Self {
        Self {
            message: trouble.message.clone(),
            tenant: trouble.tenant.clone(),
            object: trouble.object.clone(),
            causes: trouble.causes.clone(),
            remedy: trouble.remedy.clone(),
            ..Self::default()
        }
    }
}

impl Problem {
    /// The text with colours; `anstream` takes them out where they are not wanted.
    pub fn render(&self) -> String {
        let red = AnsiColor::Red.on_default().bold();
        let mut text = format!("{red}error:{red:#} {}", self.message);
        if let Some(place) = &self.place {
            text.push_str(&place.render());
        }
        for frame in &self.frames {
            text.push_str(&format!("\n  in {frame}"));
        }
        if let Some(whereabouts) = self.whereabouts() {
            text.push_str(&format!("\n  on {whereabouts}"));
        }
        for cause in &self.causes {
            text.push_str(&format!("\ncause: {cause}"));
        }
        if let Some(remedy) = &self.remedy {
            let green = AnsiColor::Green.on_default().bold();
            text.push_str(&format!("\n{green}remedy:{green:#} {remedy}"));
        }
        text
    }

    /// Object and tenant, where the sentence does not name them already.
    fn whereabouts(&self) -> Option<String> {
        let unsaid = |name: &&String| !name.is_empty() && !self.message.contains(&format!("`{name}`"));
        let object = self.object.as_ref().filter(unsaid).map(|object| format!("`{object}`"));
        let tenant = self.tenant.as_ref().filter(unsaid).map(|tenant| format!("tenant `{tenant}`"));
        match (object, tenant) {
            (Some(object), Some(tenant)) => Some(format!("{object} in {tenant}")),
            (object, tenant) => object.or(tenant),
        }
    }
}

impl Place {
    fn render(&self) -> String {
        let place = format!("{}:{}:{}", self.file, self.line, self.column);
        if self.text.trim().is_empty() {
            return format!("\n  at {place}");
        }
        let dim = Style::new().dimmed();
        let gutter = self.line.to_string();
        let indent = " ".repeat(gutter.len());
        let mut text = format!("\n{indent}{dim}┌─{dim:#} {place}");
        // Tabs stay tabs, so that the caret stands below its character however wide they are drawn.
        let before = self.text.chars().take(self.column.saturating_sub(1));
        let padding: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
        let red = AnsiColor::Red.on_default().bold();
        let carets = "^".repeat(self.width.max(1));
        text.push_str(&format!("\n{dim}{gutter}│{dim:#} {}", self.text.trim_end()));
        text.push_str(&format!("\n{indent}{dim}│{dim:#} {padding}{red}{carets}{red:#}"));
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(problem: &Problem) -> String {
        anstream::adapter::strip_str(&problem.render()).to_string()
    }

    #[test]
    fn an_error_points_into_the_script_and_says_what_to_do() {
        let problem = Problem {
            message: "no mailbox `anne@contoso.example`".into(),
            place: Some(Place {
                file: "offboard.rhai".into(),
                line: 12,
                column: 16,
                text: r#"let m = tenant.get_mailbox("anne@contoso.example");"#.into(),
                width: 11,
            }),
            frames: vec!["`leave` called at offboard.rhai:30:1".into()],
            tenant: Some("contoso".into()),
            object: Some("anne@contoso.example".into()),
            causes: vec!["the service answered 404".into()],
            remedy: Some("did you mean `ann@contoso.example`?".into()),
        };

        insta::assert_snapshot!(seen(&problem), @r#"
        error: no mailbox `anne@contoso.example`
          ┌─ offboard.rhai:12:16
        12│ let m = tenant.get_mailbox("anne@contoso.example");
          │                ^^^^^^^^^^^
          in `leave` called at offboard.rhai:30:1
          on tenant `contoso`
        cause: the service answered 404
        remedy: did you mean `ann@contoso.example`?
        "#);
    }

    #[test]
    fn a_place_without_its_line_is_only_named() {
        let problem = Problem {
            message: "no mailbox to export".into(),
            place: Some(Place {
                file: "export-attributes.rhai".into(),
                line: 38,
                column: 25,
                ..Place::default()
            }),
            remedy: Some("check the filter".into()),
            ..Problem::default()
        };

        insta::assert_snapshot!(seen(&problem), @r"
        error: no mailbox to export
          at export-attributes.rhai:38:25
        remedy: check the filter
        ");
    }

    #[test]
    fn the_object_is_named_below_when_the_sentence_does_not() {
        let problem = Problem::from(
            &Trouble::new(crate::model::Kind::Refused, "the licence is missing")
                .on_object("LaraN")
                .in_tenant("contoso"),
        );

        assert_eq!(seen(&problem), "error: the licence is missing\n  on `LaraN` in tenant `contoso`");
    }
}
