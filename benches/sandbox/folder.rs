//! The state under test: made, and served.

use std::io::Read;
use std::path::Path;
use std::time::Duration;
use std::time::Instant;

use secrecy::ExposeSecret;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;
use xtenant::sandbox::NewOptions;
use xtenant::sandbox::Object;
use xtenant::sandbox::Sandbox;
use xtenant::sandbox::Store;
use xtenant::sandbox::Tx;
use xtenant::sandbox::directory;
use xtenant::sandbox::exchange::recipient;

/// How many mail users are looked up.
const SAMPLES: usize = 4096;
/// How many mailboxes stand at the beginning of which northwind has something already.
const CAST: usize = 40;
/// How many objects are made in one transaction.
const STEP: usize = 10_000;

/// Makes a sandbox in which every mailbox of contoso has a mail user of northwind.
pub fn make(folder: &Path, mailboxes: usize) {
    let options = NewOptions {
        mailboxes,
        ..NewOptions::default()
    };
    Sandbox::create(folder, &options).expect("a sandbox");
    let store = Store::open_finished(folder).expect("a state");
    let read: rusqlite::Result<_> = store.transaction(|tx| recipient::all(tx, "contoso"));
    let mut sources = read.expect("mailboxes");
    sources.retain(recipient::is_mailbox);
    let mut samples = Vec::new();
    let every = sources.len().div_ceil(SAMPLES);
    for (step, part) in sources.chunks(STEP).enumerate() {
        let made: rusqlite::Result<()> = store.transaction(|tx| {
            for (at, source) in part.iter().enumerate() {
                let made = counterpart(tx, source)?;
                let number = step * STEP + at;
                if number >= CAST && number.is_multiple_of(every) {
                    samples.push(identities(tx, &made));
                }
            }
            Ok(())
        });
        made.expect("counterparts");
    }
    std::fs::write(folder.join("samples.json"), Value::from(samples).to_string()).expect("a file");
}

fn counterpart(tx: &Tx<'_>, source: &Object) -> rusqlite::Result<Object> {
    // Names of their own: some people's are taken in northwind.
    let alias = &format!("{}-moves", source.text("Alias"));
    let sign_in = format!("{alias}@northwind.com");
    let proxies = json!([
        format!("SMTP:{sign_in}"),
        format!("smtp:{alias}@northwindtraders.onmicrosoft.com"),
        format!("X500:{}", source.text("LegacyExchangeDN")),
    ]);
    let mut user = Object::new("northwind", "user", Map::new());
    user.set("id", Uuid::new_v4().to_string());
    user.set("userPrincipalName", sign_in.as_str());
    user.set("displayName", source.text("DisplayName"));
    user.set("mailNickname", alias.as_str());
    user.set("mail", sign_in.as_str());
    user.set("proxyAddresses", proxies.clone());
    user.set("userType", "Member");
    user.set("accountEnabled", true);
    user.set("usageLocation", "DE");
    user.set("assignedLicenses", json!([]));
    directory::store_user(tx, &user)?;
    let mut made = recipient::new(tx, "northwind", "MailUser", alias, alias);
    made.set("DisplayName", source.text("DisplayName"));
    made.set("FirstName", source.text("FirstName"));
    made.set("LastName", source.text("LastName"));
    made.set("ExternalDirectoryObjectId", user.text("id"));
    made.set("UserPrincipalName", sign_in.as_str());
    made.set("ExchangeGuid", source.text("ExchangeGuid"));
    made.set("ExternalEmailAddress", format!("SMTP:{}", source.text("PrimarySmtpAddress")));
    made.set("EmailAddresses", proxies);
    recipient::store(tx, &made)?;
    Ok(made)
}

/// The mail user in every form of identity.
fn identities(tx: &Tx<'_>, made: &Object) -> Value {
    let proxies = made.list("EmailAddresses");
    let alias = made.text("Alias");
    json!({
        "alias": alias,
        "GUID": made.text("Guid"),
        "Exchange GUID": made.text("ExchangeGuid"),
        "primary address": recipient::primary_address(made),
        "secondary address": format!("{alias}@northwindtraders.onmicrosoft.com"),
        "X500 address": proxies[2],
        "UPN": made.text("UserPrincipalName"),
        "DN": recipient::distinguished_name(tx, made),
    })
}

/// Opens the sandbox, says how long that took and how to sign in, and serves it until its input ends.
pub fn serve(folder: &Path) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let begin = Instant::now();
    let sandbox = runtime.block_on(Sandbox::open(folder)).expect("a sandbox");
    let opened: Duration = begin.elapsed();
    let tenant = sandbox.tenant("northwind").expect("the tenant");
    println!(
        "{}",
        json!({
            "opened": opened.as_secs_f64(),
            "address": sandbox.address().to_string(),
            "ca": sandbox.ca_pem(),
            "tenant": tenant.tenant_id,
            "client": tenant.admin_client_id,
            "secret": tenant.admin_client_secret.expose_secret(),
        })
    );
    std::io::stdin().read_to_end(&mut Vec::new()).expect("the input ends");
}
