//! The states of a migration user, and what each means for the summaries that others show.

/// The state of one migration user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Its rules are being checked.
    Validating,
    /// Its move request is being made.
    Provisioning,
    /// Waits for its time or for a free place.
    Queued,
    /// The first copy runs.
    Syncing,
    /// The copy is complete and kept up to date.
    Synced,
    /// A daily copy of what is new runs.
    IncrementalSyncing,
    /// The last copy and the conversion of both sides run.
    Completing,
    /// Done.
    Completed,
    /// Done, with something left out.
    CompletedWithWarnings,
    /// Failed before the first copy was complete.
    Failed,
    /// Failed in a daily copy.
    IncrementalFailed,
    /// Failed at the end.
    CompletionFailed,
    /// About to stop.
    Stopping,
    /// Stopped before the first copy was complete.
    Stopped,
    /// Stopped after it.
    IncrementalStopped,
    /// About to be removed.
    Removing,
}

impl Status {
    const ALL: &[Status] = &[
        Status::Validating,
        Status::Provisioning,
        Status::Queued,
        Status::Syncing,
        Status::Synced,
        Status::IncrementalSyncing,
        Status::Completing,
        Status::Completed,
        Status::CompletedWithWarnings,
        Status::Failed,
        Status::IncrementalFailed,
        Status::CompletionFailed,
        Status::Stopping,
        Status::Stopped,
        Status::IncrementalStopped,
        Status::Removing,
    ];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Status::Validating => "Validating",
            Status::Provisioning => "Provisioning",
            Status::Queued => "Queued",
            Status::Syncing => "Syncing",
            Status::Synced => "Synced",
            Status::IncrementalSyncing => "IncrementalSyncing",
            Status::Completing => "Completing",
            Status::Completed => "Completed",
            Status::CompletedWithWarnings => "CompletedWithWarnings",
            Status::Failed => "Failed",
            Status::IncrementalFailed => "IncrementalFailed",
            Status::CompletionFailed => "CompletionFailed",
            Status::Stopping => "Stopping",
            Status::Stopped => "Stopped",
            Status::IncrementalStopped => "IncrementalStopped",
            Status::Removing => "Removing",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|status| status.name().eq_ignore_ascii_case(name))
    }

    /// `StatusSummary`.
    pub fn summary(self) -> &'static str {
        match self {
            Status::Synced | Status::IncrementalSyncing => "Synced",
            Status::Completed | Status::CompletedWithWarnings => "Completed",
            Status::Failed | Status::IncrementalFailed | Status::CompletionFailed => "Failed",
            Status::Stopped | Status::IncrementalStopped => "Stopped",
            _ => "Active",
        }
    }

    /// The state of the move request behind the user.
    pub fn request(self) -> &'static str {
        match self {
            Status::Validating | Status::Provisioning | Status::Queued => "Queued",
            Status::Syncing | Status::IncrementalSyncing | Status::Stopping | Status::Removing => "InProgress",
            Status::Synced => "Synced",
            Status::Completing => "CompletionInProgress",
            Status::Completed => "Completed",
            Status::CompletedWithWarnings => "CompletedWithWarning",
            Status::Failed | Status::IncrementalFailed | Status::CompletionFailed => "Failed",
            Status::Stopped | Status::IncrementalStopped => "Suspended",
        }
    }

    /// Whether the first copy is still ahead or under way.
    pub fn is_initial(self) -> bool {
        use Status::*;
        matches!(self, Validating | Provisioning | Queued | Syncing)
    }

    /// Whether it failed.
    pub fn is_failed(self) -> bool {
        self.summary() == "Failed"
    }

    /// Whether the mailbox has moved.
    pub fn is_completed(self) -> bool {
        self.summary() == "Completed"
    }

    /// Whether it was halted.
    pub fn is_stopped(self) -> bool {
        self.summary() == "Stopped"
    }

    /// Whether nothing happens to it any more unless somebody acts.
    pub fn is_at_rest(self) -> bool {
        self.is_failed() || self.is_completed() || self.is_stopped()
    }
}
