//! From a source row to the attributes of the MailUser contract.

use uuid::Uuid;

use crate::migrate::attributes::addresses;
use crate::migrate::attributes::source_row;
use crate::migrate::attributes::user_of;
use crate::migrate::mailuser::duplicates::refuse_duplicates;
use crate::migrate::mailuser::options::Mapped;
use crate::migrate::mailuser::options::Options;
use crate::migrate::mailuser::options::moved_to;
use crate::migrate::mailuser::options::not_accepted;
use crate::migrate::seen::domains;
use crate::model::Kind;
use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::domain_of;
use crate::model::united_addresses;

/// Exchange takes no longer names.
const LONGEST_NAME: usize = 64;

/// What a plan holds beside the arguments of `ensure_mailuser`.
const NO_ARGUMENTS: [&str; 2] = ["UserPrincipalName", "SourceUser"];

/// The MailUser that a source row (any shape that [`source_row`] reads) needs in the target tenant.
///
/// Options: `target_delivery_domain` (needed), `domain_map` (array of `{source, target}`), `upn_domain`, `primary_domain`,
/// `accepted_domains` (texts or objects with `DomainName`), `mark` (`CustomAttribute1=ProjectKermit`, or an array of such).
/// Without a line in the map the domains of the mailbox's primary address and UPN go to `primary_domain`.
///
/// Gives `UserPrincipalName Name Alias DisplayName FirstName LastName PrimarySmtpAddress ExternalEmailAddress ExchangeGuid
/// [ArchiveGuid] EmailAddresses [CustomAttribute1..15] [HiddenFromAddressListsEnabled]` and `SourceUser`, the source's primary address.
///
/// Stops on a source domain that nobody mapped, except onmicrosoft.com, whose addresses stay behind, and on a domain the target
/// does not accept.
pub fn plan(row: &Record, options: &Record) -> Result<Record, Trouble> {
    plan_with(row, &Options::read(options)?)
}

/// How many of the rows that cannot be planned are told one by one, after the first.
const MOST_CAUSES: usize = 9;

/// The plans for all rows. Stops when one cannot be planned, with others that cannot as causes, and when two want the same
/// UPN, GUID, alias or address.
pub fn plans(rows: &[Record], options: &Record) -> Result<Vec<Record>, Trouble> {
    let options = Options::read(options)?;
    let mut plans = Vec::with_capacity(rows.len());
    let mut troubles = Vec::new();
    for row in rows {
        match plan_with(row, &options) {
            Ok(plan) => plans.push(plan),
            Err(trouble) => troubles.push(trouble),
        }
    }
    let mut troubles = troubles.into_iter();
    match troubles.next() {
        Some(mut first) => {
            first
                .causes
                .extend(troubles.by_ref().take(MOST_CAUSES).map(|trouble| on_row(&trouble)));
            match troubles.count() {
                0 => {}
                more => first.causes.push(format!("and {more} rows more")),
            }
            Err(first)
        }
        None => refuse_duplicates(&plans, &["ExchangeGuid", "UserPrincipalName", "Alias", "EmailAddresses"]).map(|()| plans),
    }
}

/// What is wrong, and with whose row.
fn on_row(trouble: &Trouble) -> String {
    match &trouble.object {
        Some(user) if !trouble.message.contains(user.as_str()) => format!("{user}: {}", trouble.message),
        _ => trouble.message.clone(),
    }
}

/// The plan's properties that `ensure_mailuser(upn, ...)` takes. Of a MailUser that exists the addresses are kept that do no harm:
/// those of other types than SMTP and those in `accepted_domains` of the options. Otherwise each run would take away what
/// licences and directory sync have added.
pub fn mailuser_arguments(plan: &Record, existing: Option<&Record>, options: &Record) -> Record {
    let is_argument = |name: &str| !NO_ARGUMENTS.iter().any(|other| other.eq_ignore_ascii_case(name));
    let arguments = plan.iter().filter(|(name, _)| is_argument(name));
    let mut arguments: Record = arguments.map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let Some(existing) = existing else { return arguments };
    let accepted = domains(options.get("accepted_domains"));
    let entries = united_addresses(&existing.list("EmailAddresses"), plan.list("EmailAddresses"), &accepted);
    arguments.set("EmailAddresses", entries);
    // An archive that the source does not have, or has no more, is taken off; without this it would stay for ever.
    if existing.guid("ArchiveGuid").is_some() && plan.guid("ArchiveGuid").is_none() {
        arguments.set("ArchiveGuid", Uuid::nil().to_string());
    }
    arguments
}

fn plan_with(row: &Record, options: &Options) -> Result<Record, Trouble> {
    let row = source_row(row)?;
    plan_row(&row, options).map_err(|trouble| trouble.on_object(user_of(&row)))
}

fn plan_row(row: &Record, options: &Options) -> Result<Record, Trouble> {
    let text = |name: &str| row.text(name).unwrap_or_default();
    let source_primary = text("PrimarySmtpAddress");
    let Wanted { primary, addresses } = wanted_addresses(row, options)?;
    let upn = match &options.upn_domain {
        Some(domain) => moved_to(source_primary, domain).unwrap_or_else(|| primary.clone()),
        None => primary.clone(),
    };
    let mut plan = Record::default()
        .with("UserPrincipalName", upn.as_str())
        .with("Name", name(row))
        .with("Alias", text("Alias"))
        .with("DisplayName", row.text("DisplayName").unwrap_or(text("Alias")))
        .with("FirstName", text("FirstName"))
        .with("LastName", text("LastName"))
        .with("PrimarySmtpAddress", primary)
        .with("ExternalEmailAddress", external_address(row, options)?)
        .with("ExchangeGuid", text("ExchangeGuid"));
    // A zero GUID on the MailUser would promise an archive that the source does not have.
    if let Some(archive) = row.guid("ArchiveGuid") {
        plan.set("ArchiveGuid", archive.to_string());
    }
    plan.set("EmailAddresses", addresses.iter().map(ToString::to_string).collect::<Vec<_>>());
    for number in 1..=15 {
        let name = format!("CustomAttribute{number}");
        if let Some(value) = row.text(&name) {
            plan.set(&name, value);
        }
    }
    for (name, value) in &options.marks {
        plan.set(name, value.as_str());
    }
    if let Some(is_hidden) = row.flag("HiddenFromAddressListsEnabled") {
        plan.set("HiddenFromAddressListsEnabled", is_hidden);
    }
    plan.set("SourceUser", source_primary);
    check_accepted(&upn, &addresses, options)?;
    Ok(plan)
}

struct Wanted {
    primary: String,
    addresses: Vec<ProxyAddress>,
}

/// The whole list: primary, mapped secondaries, one in the delivery domain, the legacy names. SIP, SPO and EUM addresses are
/// the target's own to give.
fn wanted_addresses(row: &Record, options: &Options) -> Result<Wanted, Trouble> {
    let source = addresses(row)?;
    let source_primary = row.text("PrimarySmtpAddress").unwrap_or_default();
    let map = options.for_mailbox(source_primary, row.text("UserPrincipalName"))?;
    let mut unmapped: Vec<String> = Vec::new();
    let mut note = |domain: String| {
        if !unmapped.contains(&domain) {
            unmapped.push(domain);
        }
    };
    let primary = match (&options.primary_domain, options.map_address(&map, source_primary)) {
        (Some(domain), _) => moved_to(source_primary, domain),
        (None, Mapped::To(address)) => Some(address),
        (None, Mapped::Unmapped(domain)) => {
            note(domain);
            None
        }
        (None, Mapped::LeftBehind) => {
            note(domain_of(source_primary).unwrap_or_default());
            None
        }
    };
    let mut wanted: Vec<ProxyAddress> = primary.as_deref().map(ProxyAddress::primary).into_iter().collect();
    let mut add = |address: ProxyAddress| {
        if !wanted.iter().any(|known| known.is_same_address(&address)) {
            wanted.push(address);
        }
    };
    for address in source.iter().filter(|address| address.is_smtp()) {
        match options.map_address(&map, address.address()) {
            Mapped::To(mapped) => add(ProxyAddress::secondary(&mapped)),
            Mapped::LeftBehind => {}
            Mapped::Unmapped(domain) => note(domain),
        }
    }
    let alias = row.text("Alias").unwrap_or_default();
    add(ProxyAddress::secondary(&format!("{alias}@{}", options.target_delivery_domain)));
    add(ProxyAddress::x500(row.text("LegacyExchangeDN").unwrap_or_default()));
    for address in source.iter().filter(|address| address.is("X500") || address.is("X400")) {
        add(address.clone());
    }
    match primary {
        Some(primary) if unmapped.is_empty() => Ok(Wanted {
            primary,
            addresses: wanted,
        }),
        _ => Err(unmapped_domains(&user_of(row), &unmapped)),
    }
}

/// The address that leads to the source mailbox until it has moved.
fn external_address(row: &Record, options: &Options) -> Result<String, Trouble> {
    let user = user_of(row);
    let address = row.text("ExternalEmailAddress").ok_or_else(|| {
        Trouble::new(
            Kind::Invalid,
            format!("`{user}` has no onmicrosoft.com address that mail could be forwarded to"),
        )
        .with_code("MissingAttribute")
        .with_remedy("add the address of the source's initial domain to the mailbox and export again")
    })?;
    if domain_of(address).is_some_and(|domain| options.is_of_target(&domain)) {
        let what = format!("`{address}`, which should lead to the source mailbox, is in a domain of the target tenant");
        return Err(Trouble::new(Kind::Conflict, what)
            .with_code("SourceIsTarget")
            .with_remedy("check which tenant the file was exported from; source and target must differ"));
    }
    Ok(address.to_owned())
}

/// Newer mailboxes are named by the GUID of their user, which would be another one's here.
fn name(row: &Record) -> String {
    let alias = row.text("Alias").unwrap_or_default();
    let name = row.text("Name").filter(|name| Uuid::parse_str(name).is_err()).unwrap_or(alias);
    name.chars().take(LONGEST_NAME).collect()
}

fn check_accepted(upn: &str, addresses: &[ProxyAddress], options: &Options) -> Result<(), Trouble> {
    let Some(accepted) = &options.accepted else { return Ok(()) };
    let used = addresses.iter().filter_map(ProxyAddress::domain).chain(domain_of(upn));
    let mut foreign: Vec<String> = used.filter(|domain| !accepted.contains(domain)).collect();
    foreign.sort();
    foreign.dedup();
    if foreign.is_empty() { Ok(()) } else { Err(not_accepted(&foreign)) }
}

fn unmapped_domains(user: &str, domains: &[String]) -> Trouble {
    let names = domains.iter().map(|domain| format!("`{domain}`")).collect::<Vec<_>>().join(", ");
    let example = domains.first().map(String::as_str).unwrap_or("contoso.com");
    Trouble::new(
        Kind::Invalid,
        format!("nothing says what becomes of {names} in the addresses of `{user}`"),
    )
    .with_code("UnmappedDomain")
    .with_remedy(format!(
        "add a line such as `{example},northwind.com` to the domain map, or remove the address in the source"
    ))
}
