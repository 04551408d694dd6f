//! `Status`: how the program ended, as other programs see it. Part of the interface.

use std::process::ExitCode;

/// An exit status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// All went well, or the run waits for the partner.
    Ok,
    /// It failed.
    Failed,
    /// The command line or the settings are wrong; nothing was begun.
    Usage,
    /// A check has findings.
    Findings,
    /// Some items failed.
    PartlyFailed,
    /// Signing in failed.
    SignIn,
    /// A question was answered no, or a plan no longer fits what is there.
    Declined,
    /// The user stopped it.
    Stopped,
}

impl Status {
    /// The number.
    pub fn code(self) -> u8 {
        match self {
            Status::Ok => 0,
            Status::Failed => 1,
            Status::Usage => 2,
            Status::Findings => 3,
            Status::PartlyFailed => 4,
            Status::SignIn => 5,
            Status::Declined => 6,
            Status::Stopped => 130,
        }
    }

    /// The status that a script asked for with `exit`, which gives it 0, 1, 3 or 4 to choose from.
    pub fn asked_for(code: u8) -> Self {
        match code {
            0 => Status::Ok,
            3 => Status::Findings,
            4 => Status::PartlyFailed,
            _ => Status::Failed,
        }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(status.code())
    }
}
