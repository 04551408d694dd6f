//! `Desk`: two administrators whose mistakes must change nothing.

use crate::common::Administrator;
use crate::common::Ran;
use crate::common::Site;

/// The administrators of one site.
pub struct Desk {
    pub site: Site,
    pub contoso: Administrator,
    pub northwind: Administrator,
}

impl Desk {
    /// Two administrators with fresh tenants.
    pub fn new() -> Self {
        Self::at(Site::new())
    }

    /// The same before there is a sandbox, to show that none is made.
    pub fn without_sandbox() -> Self {
        Self::at(Site::empty())
    }

    fn at(site: Site) -> Self {
        let (contoso, northwind) = (site.contoso(), site.northwind());
        Self { site, contoso, northwind }
    }

    /// Typed by whoever has the tenant that `line` names, it ends with `status`, says each of `says`, and changes nothing.
    #[track_caller]
    pub fn refuses(&self, line: &str, status: i32, says: &[&str]) -> Ran {
        let person = match line.contains("--source contoso") {
            true => &self.contoso,
            false => &self.northwind,
        };
        let (files, is_running) = (person.files(), self.site.sandbox().exists());
        let mut ran = None;
        let mut act = || ran = Some(person.types(line));
        let writes = match is_running {
            true => self.site.writes_during(act),
            false => {
                act();
                Vec::new()
            }
        };
        let ran = ran.expect("it ran");
        ran.ends_with(status).says("error: ");
        for text in says {
            ran.says(text);
        }
        assert!(writes.is_empty(), "{writes:?} by {ran:?}");
        assert!(person.files() == files, "files were changed by {ran:?}");
        assert_eq!(self.site.sandbox().exists(), is_running, "a sandbox was made by {ran:?}");
        ran
    }
}
