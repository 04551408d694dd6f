//! `Verified`: what `verify-setup` found.

use serde_json::Value;

use crate::common::Ran;

/// A run of `verify-setup`.
pub struct Verified {
    ran: Ran,
    findings: Value,
}

impl Verified {
    /// Takes its findings.
    pub fn new(ran: Ran) -> Self {
        let findings = ran.json()["findings"].take();
        Self { ran, findings }
    }

    /// It found this problem, which is that failure, and names the remedy.
    #[track_caller]
    pub fn finds(&self, id: &str, failure: &str, found: &str, remedy: &str) -> &Self {
        self.ran.ends_with(3);
        let findings = self.findings.as_array().expect("findings are a list");
        let finding = findings.iter().find(|finding| finding["id"] == id);
        let finding = finding.unwrap_or_else(|| panic!("no `{id}` in {}", self.findings));
        let text = |name: &str| finding[name].as_str().unwrap_or_default();
        assert_eq!((text("state"), text("failure")), ("problem", failure), "{finding}");
        assert!(text("found").contains(found) && text("remedy").contains(remedy), "{finding}");
        self
    }

    /// It found no problem.
    #[track_caller]
    pub fn is_fine(&self) {
        self.ran.succeeds();
    }
}
