//! May this target pull from that source? The application's consent, its secret, and both organization relationships decide.

use super::failure::Failure;
use super::failure::Side;
use super::failure::Stop;
use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::directory::SecretState;
use crate::sandbox::exchange::certificate;
use crate::sandbox::exchange::certificate::NoCertificate;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::relationship;
use crate::sandbox::rule;

/// The role that the migration application needs in both tenants.
pub const ROLE: &str = "Mailbox.Migration";

/// The short name of the tenant that the endpoint points to.
pub fn source_tenant(tx: &Tx<'_>, endpoint: &Object) -> Result<String, Failure> {
    let remote = endpoint.text("RemoteTenant");
    let known = directory::tenant(tx, remote).map(|tenant| tenant.tenant);
    known.ok_or_else(|| Failure::connection(endpoint.text("RemoteServer"), &rule::NO_TENANT, &[remote]))
}

/// The application that the endpoint signs in with.
fn application(endpoint: &Object) -> &str {
    match endpoint.text("ApplicationId") {
        "" => endpoint.text("_UserName"),
        app_id => app_id,
    }
}

/// Gets a token for the endpoint's application in the source tenant, as each copy has to. A certificate in a vault is read anew
/// only when `reads_vault` says so.
pub fn token(tx: &Tx<'_>, endpoint: &Object, source: &str, reads_vault: bool) -> Result<(), Stop> {
    let app_id = application(endpoint);
    let server = endpoint.text("RemoteServer");
    match endpoint.text("_Secret") {
        "" if reads_vault => read_certificate(tx, endpoint)?,
        "" => {}
        secret => check_secret(tx, endpoint, secret)?,
    }
    let domain = directory::initial_domain(tx, source);
    if directory::known_principal(tx, source, app_id).is_none() {
        return Err(Failure::connection(server, &rule::NOT_INSTALLED, &[app_id, &domain]).into());
    }
    if !directory::has_app_role(tx, source, app_id, ROLE) {
        return Err(Failure::connection(server, &rule::NOT_CONSENTED, &[&domain, app_id]).into());
    }
    if !directory::has_app_role(tx, &endpoint.tenant, app_id, ROLE) {
        let failure = Failure::connection(server, &rule::NO_ROLE_IN_TARGET, &[app_id]);
        return Err(failure.at(Side::Target).into());
    }
    Ok(())
}

fn read_certificate(tx: &Tx<'_>, endpoint: &Object) -> Result<(), Stop> {
    certificate::read(tx, endpoint).map_err(|refused| match refused {
        NoCertificate::Store(cause) => Stop::Store(cause),
        NoCertificate::Because { text, reason } => Stop::Failure(Failure {
            inner: reason,
            ..Failure::unnumbered(rule::NO_CERTIFICATE.short_type(), text)
        }),
    })
}

fn check_secret(tx: &Tx<'_>, endpoint: &Object, secret: &str) -> Result<(), Failure> {
    let app_id = application(endpoint);
    let refused = |rule| Err(Failure::connection(endpoint.text("RemoteServer"), rule, &[app_id]).at(Side::Target));
    match directory::check_secret(tx, app_id, secret) {
        SecretState::Valid => Ok(()),
        SecretState::Expired => refused(&rule::EXPIRED_SECRET),
        SecretState::Wrong => refused(&rule::WRONG_SECRET),
    }
}

/// The target's own relationship with the source must allow moves into it.
pub fn inbound(tx: &Tx<'_>, target: &str, source: &str) -> Result<(), Stop> {
    let refused = || Failure::target(&rule::NOT_INBOUND, &[]);
    let known = picked(tx, target, source)?.ok_or_else(refused)?;
    move_enabled(&known, Side::Target)?;
    match known.flag("MailboxMoveEnabled") && relationship::has_capability(&known, "Inbound") {
        true => Ok(()),
        false => Err(refused().into()),
    }
}

/// The source's relationship with the target must allow this application to take mailboxes out. Returns it.
pub fn outbound(tx: &Tx<'_>, source: &str, target: &str, endpoint: &Object, mailbox: &str) -> Result<Object, Stop> {
    let refused = || not_authorized(tx, endpoint, source, mailbox);
    let known = picked(tx, source, target)?.ok_or_else(refused)?;
    move_enabled(&known, Side::Source)?;
    let allowed = known.text("OAuthApplicationId");
    let allows = known.flag("MailboxMoveEnabled")
        && relationship::has_capability(&known, "RemoteOutbound")
        && allowed.eq_ignore_ascii_case(application(endpoint));
    match allows {
        true => Ok(known),
        false => Err(refused().into()),
    }
}

/// The source's refusal, as it arrives through the endpoint.
pub fn not_authorized(tx: &Tx<'_>, endpoint: &Object, source: &str, mailbox: &str) -> Failure {
    let domain = directory::initial_domain(tx, source);
    Failure::connection(endpoint.text("RemoteServer"), &rule::NOT_AUTHORIZED, &[mailbox, &domain])
}

/// The relationship that the service looks at. A tenant may have a second one, keyed by the partner's domains, from free/busy
/// sharing or a multitenant organization; that one is found first, and is in the way unless it is disabled or allows moves too.
fn picked(tx: &Tx<'_>, tenant: &str, partner: &str) -> rusqlite::Result<Option<Object>> {
    let domains = directory::accepted_domains(tx, partner);
    let id = directory::tenant_id(tx, partner);
    for entry in domains.iter().chain([&id]) {
        let known = relationship::relationships_with(tx, tenant, entry)?;
        if let Some(enabled) = known.into_iter().find(|known| known.flag("Enabled")) {
            return Ok(Some(enabled));
        }
    }
    Ok(None)
}

fn move_enabled(known: &Object, side: Side) -> Result<(), Failure> {
    let is_keyed_by_domain = known.list("DomainNames").iter().any(|entry| entry.contains('.'));
    if !is_keyed_by_domain || known.flag("MailboxMoveEnabled") {
        return Ok(());
    }
    Err(Failure::target(&rule::MOVES_DISABLED, &[known.text("Name")]).at(side))
}

/// Whether the mailbox is in one of the relationship's published scopes, directly or through groups in them.
pub fn is_in_scope(tx: &Tx<'_>, relationship: &Object, mailbox: &Object) -> rusqlite::Result<bool> {
    for group in relationship::scope_groups(tx, relationship)? {
        if recipient::is_in_group(tx, &group, mailbox)? {
            return Ok(true);
        }
    }
    Ok(false)
}
