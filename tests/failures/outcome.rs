//! `Outcome`: what became of one user of a batch, as the service and the tool tell it.

use serde_json::Value;

use crate::common::Ran;

/// One user after a run of `migrate`.
pub struct Outcome {
    user: String,
    row: Value,
    ran: Ran,
}

impl Outcome {
    /// Takes the user's row of the outcome file.
    #[track_caller]
    pub fn new(user: &str, outcomes: &Value, ran: Ran) -> Self {
        let rows = outcomes.as_array().map(Vec::as_slice).unwrap_or_default();
        let row = rows.iter().find(|row| row["user"] == user);
        let row = row.unwrap_or_else(|| panic!("nothing about {user} in {outcomes}\n{ran:?}")).clone();
        Self {
            user: user.to_owned(),
            row,
            ran,
        }
    }

    fn text(&self, name: &str) -> &str {
        self.row[name].as_str().unwrap_or_default()
    }

    /// The service failed the user in these words, and the tool names the failure, whose side it is on, and why.
    #[track_caller]
    pub fn fails(&self, failure: &str, side: &str, words: &[&str]) -> &Self {
        self.ran.ends_with(4);
        assert_eq!((self.text("failure"), self.text("side")), (failure, side), "{}", self.row);
        for words in words {
            assert!(self.text("error").contains(words), "no `{words}` in {}", self.row);
        }
        assert!(!self.text("cause").is_empty(), "{}", self.row);
        self.ran
            .says(&format!("{}: {} ({failure}, {side}).", self.user, self.text("cause")));
        self
    }

    /// The tool says how to mend it, and what to do then.
    #[track_caller]
    pub fn is_mended_by(&self, remedy: &str, then: &str) {
        assert!(self.text("remedy").contains(remedy), "no `{remedy}` in {}", self.row);
        assert_eq!(self.text("then"), then, "{}", self.row);
        self.ran.says(&format!("{}. Then ", self.text("remedy")));
    }

    /// The user is in this state.
    #[track_caller]
    pub fn is(&self, status: &str) -> &Self {
        assert_eq!(self.text("status"), status, "{}\n{:?}", self.row, self.ran);
        self
    }
}
