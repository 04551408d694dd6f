//! The list of everything scripts can call, for the generated reference, completion and "did you mean".

use rhai::Engine;

/// One function as scripts see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionHelp {
    /// The name; a property is called `.name`.
    pub name: String,
    /// The parameters, each as `name: type`.
    pub parameters: Vec<String>,
    /// The type it gives, empty when it gives nothing.
    pub returns: String,
    /// What it does.
    pub help: String,
}

impl FunctionHelp {
    /// The function as a line: `target.get_mailbox(identity: string) -> Object`.
    pub fn signature(&self) -> String {
        let returns = match self.returns.as_str() {
            "" | "()" => String::new(),
            kind => format!(" -> {kind}"),
        };
        format!("{}({}){returns}", self.name, self.parameters.join(", "))
    }
}

/// The functions that `engine` offers beyond Rhai's own, by name.
pub(super) fn of_engine(engine: &Engine) -> Vec<FunctionHelp> {
    let mut list = engine.collect_fn_metadata(
        None,
        |info| {
            let meta = info.metadata;
            let name = match meta.name.strip_prefix("get$") {
                Some(property) => format!(".{property}"),
                None if meta.name.contains('$') || meta.comments.is_empty() => return None,
                None => meta.name.to_string(),
            };
            let mut parameters: Vec<String> = meta.params_info.iter().map(ToString::to_string).collect();
            let returns = match parameters.len() > meta.num_params {
                true => parameters.pop().unwrap_or_default(),
                false => String::new(),
            };
            let help = meta.comments.iter().map(|line| line.trim_start_matches("///").trim()).collect::<Vec<_>>().join(" ");
            Some(FunctionHelp {
                name,
                parameters,
                returns,
                help,
            })
        },
        false,
    );
    list.sort_by(|a, b| (&a.name, &a.parameters).cmp(&(&b.name, &b.parameters)));
    list.dedup();
    list
}
