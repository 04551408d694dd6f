//! The migration endpoint of the target.

use crate::migrate::failures::explain;
use crate::migrate::finding::Finding;
use crate::migrate::setup::seen::Look;
use crate::migrate::setup::seen::Seen;
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
        of("secret", "credentials, not a Key Vault certificate".into()).fails_as("F-22"),
        concurrency(seen),
        test(seen),
    ];
    let Some(endpoints) = seen.objects("endpoints") else {
        return findings;
    };
    let Some(found) = chosen(seen, &endpoints) else {
        findings[0] = findings[0].clone().found("none", false);
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
    let vault = found.text("AppSecretKeyVaultUrl");
    judge(4, vault.or(Some("credentials")), Some(vault.is_none()));
    findings
}

/// The endpoint of the application, else the one for the partner.
fn chosen<'a>(seen: &Seen<'_>, endpoints: &'a [Record]) -> Option<&'a Record> {
    let mut remote = endpoints.iter().filter(|endpoint| is_remote_move(endpoint));
    let of_application = |endpoint: &&Record| {
        seen.text("application_id")
            .zip(application_of(endpoint))
            .is_some_and(|(a, b)| same_text(a, b))
    };
    remote
        .clone()
        .find(of_application)
        .or_else(|| remote.find(|endpoint| is_partner(seen, endpoint.text("RemoteTenant")) == Some(true)))
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
