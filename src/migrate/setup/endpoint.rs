//! The migration endpoint of the target.

use crate::migrate::failures::explain;
use crate::migrate::finding::Finding;
use crate::migrate::setup::common::capital;
use crate::migrate::setup::seen::Look;
use crate::migrate::setup::seen::Seen;
use crate::model::CertificateUrl;
use crate::model::Record;
use crate::model::same_text;

/// What all endpoints for remote moves may run at the same time.
const MOST_CONCURRENT: i64 = 300;

pub(super) fn endpoint(seen: &Seen<'_>) -> Vec<Finding> {
    let of = |check: &str, expected: String| {
        Finding::of("target", &format!("endpoint.{check}"), expected)
            .fails_as("F-31")
            .mend("run `setup-target`; it makes the endpoint, or replaces one that no batch uses")
    };
    let partner = seen.partner_name();
    let server = seen.text("remote_server");
    let mut findings = vec![
        of("exists", format!("an ExchangeRemoteMove endpoint for {partner}")),
        of(
            "server",
            format!("RemoteServer is {}", server.unwrap_or("the cloud's Exchange host")),
        )
        .fails_as("F-43"),
        of("tenant", format!("RemoteTenant is {partner}")),
        of(
            "application",
            format!("ApplicationId is {}", seen.text("application_id").unwrap_or("the application's")),
        ),
        of("remote", "IsRemote is True".into()),
        concurrency(seen),
        test(seen),
    ];
    let endpoints = seen.objects("endpoints");
    let found = endpoints.as_deref().and_then(|endpoints| chosen(seen, endpoints));
    findings.extend(credential(seen, found));
    let Some(found) = found else {
        if endpoints.is_some() {
            findings[0] = findings[0].clone().found("none", false);
        }
        return findings;
    };
    let name = found.text("Identity").or_else(|| found.text("Name")).unwrap_or("one");
    findings[0] = findings[0].clone().found(name, true);
    let mut judge = |at: usize, text: Option<&str>, is_ok: Option<bool>| {
        if let Some(is_ok) = is_ok {
            findings[at] = findings[at].clone().found(text.unwrap_or("none"), is_ok);
        }
    };
    let is_same = |found: Option<&str>, wanted: Option<&str>| wanted.map(|wanted| found.is_some_and(|found| same_text(found, wanted)));
    judge(1, found.text("RemoteServer"), is_same(found.text("RemoteServer"), server));
    let tenant = found.text("RemoteTenant");
    judge(2, tenant, is_partner(seen, tenant));
    judge(
        3,
        application_of(found),
        is_same(application_of(found), seen.text("application_id")),
    );
    // Only remote moves were looked at, so an endpoint that does not say is one.
    let is_remote = found.flag("IsRemote") != Some(false);
    judge(4, Some(capital(is_remote)), Some(is_remote));
    findings
}

/// How the endpoint proves that it is the application: today by credentials, in the classic flow by a certificate in a key vault.
fn credential(seen: &Seen<'_>, found: Option<&Record>) -> Vec<Finding> {
    let give_secret = "run `setup-target` without `--auth key-vault`; it gives the endpoint a client secret";
    let of = |check: &str, expected: &str| Finding::of("target", &format!("endpoint.{check}"), expected).fails_as("F-22");
    let used = found.map(|found| found.text("AppSecretKeyVaultUrl"));
    let shown = |used: Option<&str>| used.unwrap_or("credentials").to_owned();
    let Some(given) = seen.text("key_vault_url") else {
        let secret = of("secret", "credentials, not a Key Vault certificate").mend(give_secret);
        return vec![match used {
            Some(used) => secret.found(shown(used), used.is_none()),
            None => secret,
        }];
    };
    let same = Finding::of("target", "endpoint.key_vault_url", format!("AppSecretKeyVaultUrl is {given}"))
        .fails_as("F-31")
        .mend("run `setup-target --auth key-vault` with the certificate of that URL, or give the endpoint's own `--key-vault-url`; leave that \
             out for an endpoint with credentials");
    let retired = of("retired", "a service that reads the endpoint's certificate from the key vault").mend(give_secret);
    let Some(used) = used else {
        return vec![same, retired];
    };
    let is_same = used.is_some_and(|used| is_same_certificate(used, given));
    let retired = match (used, seen.text("era")) {
        (None, _) => retired.found(shown(used), true),
        (Some(_), None) => retired,
        (Some(_), Some("2021")) => retired.found("the service of 2021", true),
        (Some(_), Some(_)) => retired.found("the service stopped reading key vaults at the end of 2021", false),
    };
    vec![same.found(shown(used), is_same), retired]
}

/// The endpoint that the findings about the target are about; `None` when there is none.
pub fn judged_endpoint(seen: &Record) -> Option<Record> {
    let seen = Seen::new("target", seen);
    let endpoints = seen.objects("endpoints")?;
    chosen(&seen, &endpoints).cloned()
}

/// The endpoint of the application, else the one for the partner. While a pair moves from the vault to a secret the application has
/// two; then it is the one with the credential that was asked about.
fn chosen<'a>(seen: &Seen<'_>, endpoints: &'a [Record]) -> Option<&'a Record> {
    let mut remote = endpoints.iter().filter(|endpoint| is_remote_move(endpoint));
    let of_application = |endpoint: &&Record| {
        seen.text("application_id")
            .zip(application_of(endpoint))
            .is_some_and(|(a, b)| same_text(a, b))
    };
    let wanted = seen.text("key_vault_url");
    let distance = |endpoint: &&Record| match (endpoint.text("AppSecretKeyVaultUrl"), wanted) {
        (Some(used), Some(wanted)) => u8::from(!is_same_certificate(used, wanted)),
        (used, wanted) => 2 * u8::from(used.is_some() != wanted.is_some()),
    };
    remote
        .clone()
        .filter(of_application)
        .min_by_key(distance)
        .or_else(|| remote.find(|endpoint| is_partner(seen, endpoint.text("RemoteTenant")) == Some(true)))
}

/// Whether both are URLs of the same certificate and version.
fn is_same_certificate(one: &str, other: &str) -> bool {
    CertificateUrl::parse(one).is_ok_and(|one| CertificateUrl::parse(other).is_ok_and(|other| one == other))
}

fn is_remote_move(endpoint: &Record) -> bool {
    endpoint.text("EndpointType").is_none_or(|kind| kind == "ExchangeRemoteMove")
}

fn application_of(endpoint: &Record) -> Option<&str> {
    endpoint.text("ApplicationId").or_else(|| endpoint.text("AppID"))
}

/// Whether `RemoteTenant` is the partner; `None` when the partner's domains are not known.
fn is_partner(seen: &Seen<'_>, tenant: Option<&str>) -> Option<bool> {
    let mut names = seen.domains("partner_domains").unwrap_or_default();
    names.extend(
        ["partner_domain", "partner_id"]
            .iter()
            .filter_map(|name| seen.text(name))
            .map(str::to_owned),
    );
    (!names.is_empty()).then(|| tenant.is_some_and(|tenant| names.iter().any(|name| same_text(name, tenant))))
}

fn concurrency(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of(
        "target",
        "endpoint.concurrency",
        format!("MaxConcurrentMigrations of all endpoints up to {MOST_CONCURRENT}"),
    )
    .fails_as("F-21")
    .mend("lower `MaxConcurrentMigrations` of an endpoint");
    match seen.objects("endpoints") {
        Some(endpoints) => {
            let counts = endpoints
                .iter()
                .filter(|endpoint| is_remote_move(endpoint))
                .filter_map(|endpoint| endpoint.number("MaxConcurrentMigrations"));
            let sum: i64 = counts.sum();
            finding.found(sum.to_string(), sum <= MOST_CONCURRENT)
        }
        None => finding,
    }
}

/// What the service's own test said; its text names the failure.
fn test(seen: &Seen<'_>) -> Finding {
    let finding = Finding::of("target", "endpoint.test", "Test-MigrationServerAvailability succeeds");
    let Look::Found(test) = seen.object("endpoint_test") else {
        return finding;
    };
    let result = test.text("Result").unwrap_or("no result");
    if same_text(result, "Success") {
        return finding.found(result, true);
    }
    // The message is that of the outermost exception, which says of any refusal of the source that a connection failed.
    let said = test.text("ErrorDetail").or_else(|| test.text("Message")).unwrap_or("no message");
    let known = explain(said);
    let finding = finding.mend(
        known.map_or("read the service's text; nothing in the catalogue fits it", |failure| {
            failure.remedy
        }),
    );
    let finding = match known {
        Some(failure) => finding.fails_as(failure.id),
        None => finding,
    };
    finding.found(format!("{result}: {said}"), false)
}
