//! Hand-off files: what the administrators of two tenants send each other. No secrets, and a checksum that shows alterations; it is
//! no signature, and what the file says is checked again wherever the reader can see it.

use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

use crate::model::Kind;
use crate::model::Trouble;
use crate::model::checksum;

const FORMAT: &str = "xtenant hand-off 1";

/// Parts of names under which secrets travel.
const SECRET_NAMES: [&str; 4] = ["secret", "password", "token", "privatekey"];

/// `content` with `format` and `checksum`. It must say from whom and to whom: `from.tenant_id` and `to.tenant_id`, two different
/// ones. Content that looks like a secret is refused.
pub fn seal(content: Map<String, Value>) -> Result<Map<String, Value>, Trouble> {
    let mut sealed = Map::new();
    sealed.insert("format".into(), FORMAT.into());
    sealed.extend(
        content
            .into_iter()
            .filter(|(name, _)| !matches!(name.as_str(), "format" | "checksum")),
    );
    refuse_secrets_in(&sealed)?;
    let (from, to) = (party(&sealed, "from")?, party(&sealed, "to")?);
    if from == to {
        return Err(same_tenant());
    }
    let checksum = checksum(&sealed);
    sealed.insert("checksum".into(), checksum.into());
    Ok(sealed)
}

/// The content of a hand-off that the tenant `reader` received: refused when it was altered, made by the reader itself, made for
/// somebody else, of another format, or when it holds a secret.
pub fn open(sealed: Map<String, Value>, reader: Uuid) -> Result<Map<String, Value>, Trouble> {
    let format = sealed.get("format").and_then(Value::as_str).unwrap_or_default();
    if format != FORMAT {
        let what = match format {
            "" => "the file is not a hand-off of xtenant".to_owned(),
            other => format!("the hand-off has the format `{other}`; this version reads `{FORMAT}`"),
        };
        return Err(refused(
            Kind::Invalid,
            "HandoffFormat",
            what,
            "ask for the file that the partner's set-up script wrote, or use the same version",
        ));
    }
    if sealed.get("checksum").and_then(Value::as_str) != Some(checksum(&sealed).as_str()) {
        return Err(refused(
            Kind::Conflict,
            "HandoffAltered",
            "the hand-off was altered after it was made".into(),
            "ask the partner for the file again, and do not edit it",
        ));
    }
    refuse_secrets_in(&sealed)?;
    let (from, to) = (party(&sealed, "from")?, party(&sealed, "to")?);
    if from == to {
        return Err(same_tenant());
    }
    if from == reader {
        let what = format!("the hand-off was made by this tenant, {reader}, itself");
        return Err(refused(
            Kind::Conflict,
            "HandoffOwn",
            what,
            "it is for the partner; use the file that the partner sent back",
        ));
    }
    if to != reader {
        let what = format!("the hand-off was made for tenant {to}, not for {reader}");
        return Err(refused(
            Kind::Conflict,
            "HandoffForAnother",
            what,
            "sign in to the tenant it was made for, or ask for the right file",
        ));
    }
    Ok(sealed)
}

fn party(content: &Map<String, Value>, name: &str) -> Result<Uuid, Trouble> {
    let id = content.get(name).and_then(|party| party.get("tenant_id")).and_then(Value::as_str);
    id.and_then(|id| Uuid::parse_str(id).ok()).ok_or_else(|| {
        let what = format!("the hand-off does not say `{name}.tenant_id`, the id of a tenant");
        refused(
            Kind::Invalid,
            "HandoffFormat",
            what,
            "ask for the file that the partner's set-up script wrote",
        )
    })
}

fn same_tenant() -> Trouble {
    let what = "source and target of the hand-off are the same tenant (F-20)".to_owned();
    refused(Kind::Conflict, "SourceIsTarget", what, "name the partner's tenant")
}

fn refused(kind: Kind, code: &str, what: String, remedy: &str) -> Trouble {
    Trouble::new(kind, what).with_code(code).with_remedy(remedy)
}

fn refuse_secrets_in(content: &Map<String, Value>) -> Result<(), Trouble> {
    for (name, value) in content {
        let plain: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        if SECRET_NAMES.iter().any(|secret| plain.contains(secret)) {
            let what = format!("the hand-off holds `{name}`, which looks like a secret");
            return Err(refused(
                Kind::Invalid,
                "HandoffSecret",
                what,
                "hand-offs go by mail: take it out, and renew it if it was sent",
            ));
        }
        refuse_secrets(value)?;
    }
    Ok(())
}

fn refuse_secrets(value: &Value) -> Result<(), Trouble> {
    match value {
        Value::Object(map) => refuse_secrets_in(map),
        Value::Array(items) => items.iter().try_for_each(refuse_secrets),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const CONTOSO: &str = "0c0c0c0c-1111-4111-8111-c0ffee000001";
    const NORTHWIND: &str = "0d0d0d0d-2222-4222-8222-c0ffee000002";

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("an object")
    }

    fn letter() -> Map<String, Value> {
        map(json!({
            "from": {"tenant_id": NORTHWIND, "domain": "northwindtraders.onmicrosoft.com"},
            "to": {"tenant_id": CONTOSO, "domain": "contoso.onmicrosoft.com"},
            "made": "2026-01-05T08:00:00Z", "application_id": "5e5e5e5e-3333-4333-8333-c0ffee000003", "roles": ["Mailbox.Migration"],
        }))
    }

    fn reader(id: &str) -> Uuid {
        Uuid::parse_str(id).expect("a GUID")
    }

    fn code(sealed: Map<String, Value>, id: &str) -> String {
        open(sealed, reader(id)).expect_err("refused").code.clone()
    }

    #[test]
    fn the_tenant_it_was_made_for_reads_it_in_whatever_order_it_arrives() {
        let sealed = seal(letter()).expect("sealed");
        let backwards: Map<String, Value> = sealed.clone().into_iter().rev().collect();

        let opened = open(backwards, reader(CONTOSO)).expect("opened");

        assert_eq!(opened["application_id"], letter()["application_id"]);
        assert_eq!(sealed["format"], FORMAT);
    }

    #[test]
    fn what_was_altered_or_is_not_meant_for_the_reader_is_refused() {
        let sealed = seal(letter()).expect("sealed");
        let mut altered = sealed.clone();
        altered["from"]["domain"] = "evil.onmicrosoft.com".into();
        let mut newer = sealed.clone();
        newer.insert("format".into(), "xtenant hand-off 9".into());

        assert_eq!(code(altered, CONTOSO), "HandoffAltered");
        assert_eq!(code(newer, CONTOSO), "HandoffFormat");
        assert_eq!(code(map(json!({"a": 1})), CONTOSO), "HandoffFormat");
        assert_eq!(code(sealed.clone(), NORTHWIND), "HandoffOwn");
        assert_eq!(code(sealed, "11111111-1111-4111-8111-111111111111"), "HandoffForAnother");
    }

    #[test]
    fn secrets_and_a_partner_that_is_oneself_are_refused() {
        let mut secret = letter();
        secret.insert("endpoint".into(), json!([[{"client_secret": "x"}]]));
        let mut same = letter();
        same["to"]["tenant_id"] = NORTHWIND.to_uppercase().into();

        assert_eq!(
            seal(secret).expect_err("refused").message,
            "the hand-off holds `client_secret`, which looks like a secret"
        );
        assert_eq!(seal(same).expect_err("refused").code, "SourceIsTarget");
    }
}
