//! `Desk`: the two administrators of the classic flow, and what they expect of a run.

use regex_lite::Regex;

use crate::common::Administrator;
use crate::common::CLASSIC;
use crate::common::Ran;
use crate::common::Site;

/// The vault, in statements of Northwind's administrator.
pub const VAULT: &str = "tenant.find_vaults(tenant.find_subscriptions().first()).first()";
/// The certificate, in such statements.
pub const CERTIFICATE: &str = "tenant.get_certificate(\"https://nwt-xtmove-kv.vault.azure.net/certificates/northwindtraders-contoso\")";

/// The administrators of one site.
pub struct Desk {
    pub site: Site,
    pub cleo: Administrator,
    pub nils: Administrator,
}

impl Desk {
    /// Nothing is done yet.
    pub fn fresh() -> Self {
        Self::at(Site::of_2021())
    }

    /// Both tenants are set up.
    pub fn set_up() -> Self {
        Self::at(Site::set_up_in_2021())
    }

    /// The administrators of `site`.
    pub fn at(site: Site) -> Self {
        let (cleo, nils) = (site.contoso(), site.northwind());
        Self { site, cleo, nils }
    }

    /// Nils types it; it ends with `status`, says each of `says` and a remedy, and writes neither to a tenant nor a file.
    #[track_caller]
    pub fn refuses(&self, line: &str, status: i32, says: &[&str]) -> Ran {
        let files = self.nils.files();
        let (writes, ran) = self.watched(line);
        assert_eq!(writes, [""; 0], "{ran:?}");
        assert!(self.nils.files() == files, "files were changed by {ran:?}");
        stops(ran, status, says)
    }

    /// Nils types it; the first change that he asks for is denied, with each of `says` and a remedy, and he asks for no other.
    #[track_caller]
    pub fn is_denied(&self, line: &str, says: &[&str]) -> Ran {
        let files = self.nils.files();
        let (writes, ran) = self.watched(line);
        assert_eq!(writes.len(), 1, "{writes:?} by {ran:?}");
        assert!(self.nils.files() == files, "files were changed by {ran:?}");
        stops(ran, 1, says)
    }

    /// Nils types it, it succeeds, and another time nothing is left to do.
    #[track_caller]
    pub fn goes_on(&self, line: &str) -> Ran {
        let ran = self.nils.types(line);
        ran.succeeds();
        let (writes, again) = self.watched(line);
        again.succeeds();
        assert_eq!(writes, [""; 0], "{again:?}");
        ran
    }

    /// What Nils writes to the tenants by typing it.
    pub fn watched(&self, line: &str) -> (Vec<String>, Ran) {
        let mut ran = None;
        let writes = self.site.writes_during(|| ran = Some(self.nils.types(line)));
        (writes, ran.expect("it ran"))
    }
}

/// It says what stood in the way and what to do about it.
#[track_caller]
fn stops(ran: Ran, status: i32, says: &[&str]) -> Ran {
    ran.ends_with(status).says("error: ");
    if status == 1 {
        ran.says("remedy: ");
    }
    for text in says {
        ran.says(text);
    }
    ran
}

/// The set-up with these flags in place of those of the same name, or at its end; a flag with the value `-` is left out.
pub fn classic(flags: &[(&str, &str)]) -> String {
    flags.iter().fold(CLASSIC.to_owned(), |line, (flag, value)| {
        let pattern = Regex::new(&format!(r" +{flag} ('[^']*'|[^ ]+)")).expect("a pattern");
        let line = pattern.replace(&line, "").into_owned();
        match *value {
            "-" => line,
            value => format!("{line} {flag} '{value}'"),
        }
    })
}
