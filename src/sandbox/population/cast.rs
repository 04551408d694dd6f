//! The people that every sandbox has, each there for a reason; all others are made up around them.
//!
//! The first letter of the surname is a reminder of the reason: **H**artmann is on *hold*, **O**utram is *outside* the scope
//! group, **N**owak has *no* licence, **P**lank is a *plain* user in the target, and so on.

/// The marker, in `CustomAttribute1`, of the mailboxes that are to move.
pub const PROJECT: &str = "ProjectKermit";
/// The marker of the hard cases that nobody dares to move yet.
pub const HARD_CASES: &str = "ProjectGonzo";

/// The person of the worked example.
pub const LARA: (&str, &str) = ("Lara", "Newton");

/// What is wrong with a mailbox that is to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// On litigation hold.
    LitigationHold,
    /// Not a member of the scope group.
    OutsideScope,
    /// Without the migration licence.
    NoLicence,
    /// In the target an Entra user without mail has the name.
    PlainUser,
    /// In the target a guest has the address.
    Guest,
    /// In the target a contact has the address.
    Contact,
    /// In the target somebody gave the new account a licence, and so a mailbox.
    Mailbox,
    /// In the target a mail user of that name was deleted lately.
    SoftDeletedTwin,
    /// In the target an external member has the alias.
    ExternalMember,
    /// In the target a mail user was prepared by hand and has an address in the source's domain.
    ForeignProxy,
}

/// Those of the project, besides Lara.
pub const PROJECT_TROUBLES: &[(&str, &str, Trouble)] = &[
    ("Holly", "Hartmann", Trouble::LitigationHold),
    ("Otto", "Outram", Trouble::OutsideScope),
    ("Nadia", "Nowak", Trouble::NoLicence),
    ("Petra", "Plank", Trouble::PlainUser),
    ("Greta", "Gantt", Trouble::Guest),
    ("Cora", "Conti", Trouble::Contact),
    ("Mara", "Mailler", Trouble::Mailbox),
    ("Sven", "Sorg", Trouble::SoftDeletedTwin),
    ("Elena", "Exner", Trouble::ExternalMember),
];

/// Prepared by hand in the target before the project began, and for that reason without its marker.
pub const PREPARED_BY_HAND: (&str, &str, Trouble) = ("Fiona", "Forbes", Trouble::ForeignProxy);

/// Why a mailbox is a hard case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HardCase {
    /// A hold was removed, and its delay still runs.
    DelayHold,
    /// The same for items released by another hold.
    DelayReleaseHold,
    /// Items carry a retention label.
    RetentionLabel,
    /// An in-place hold of a retention policy.
    InPlaceHold,
    /// Thirteen auxiliary archives.
    AuxArchives,
    /// The archive was disabled once.
    DisabledArchive,
    /// More recoverable items than the target takes.
    RecoverableItems,
    /// A few items that cannot be read.
    DamagedItems,
    /// Many items that cannot be read.
    RuinedItems,
    /// The service is moving it right now.
    Moving,
    /// Leftovers of another product in the archive.
    SubstrateHolds,
    /// More content than its quota allows.
    OverQuota,
}

/// The hard cases.
pub const CASES: &[(&str, &str, HardCase)] = &[
    ("Dana", "Delaney", HardCase::DelayHold),
    ("Rita", "Reyes", HardCase::DelayReleaseHold),
    ("Tamar", "Tagore", HardCase::RetentionLabel),
    ("Ines", "Inman", HardCase::InPlaceHold),
    ("Axel", "Auer", HardCase::AuxArchives),
    ("Demi", "Darrow", HardCase::DisabledArchive),
    ("Rolf", "Rieger", HardCase::RecoverableItems),
    ("Bela", "Badr", HardCase::DamagedItems),
    ("Pia", "Porter", HardCase::RuinedItems),
    ("Milo", "Moore", HardCase::Moving),
    ("Suki", "Sutter", HardCase::SubstrateHolds),
    ("Quentin", "Quist", HardCase::OverQuota),
];
