//! Parameters as Exchange wants them in JSON: annotated hashtables, times without zone, bytes as numbers, secrets encrypted.

use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::cloud::exchange::SecretKey;
use crate::model::Arguments;
use crate::model::Given;

const HASHTABLE: &str = "#Exchange.GenericHashTable";
const BYTES: &str = "#Exchange.ByteArrayType";

/// Parameters of type DateTime. Only these are rewritten: a custom attribute may hold the same text and must keep it.
const TIMES: [&str; 6] = [
    "StartAfter",
    "CompleteAfter",
    "StartDate",
    "EndDate",
    "EndDateForRetentionHold",
    "StartDateForRetentionHold",
];

/// Parameters that hold OPATH.
const FILTERS: [&str; 3] = ["Filter", "RecipientFilter", "RecipientPreviewFilter"];

/// The `Parameters` object; secrets are encrypted when there is a key.
pub(super) fn parameters(arguments: &Arguments, key: Option<&SecretKey>) -> Result<Value, String> {
    let mut sent = Map::new();
    for (name, given) in arguments.iter() {
        if let Given::Plain(Value::Array(items)) = given
            && !items.is_empty()
            && items.iter().all(Value::is_object)
        {
            sent.insert(format!("{name}@odata.type"), format!("#Collection({})", &HASHTABLE[1..]).into());
        }
        let value = encoded(name, given, key).map_err(|why| format!("`{name}` {why}"))?;
        sent.insert(name.to_owned(), value);
    }
    Ok(Value::Object(sent))
}

fn encoded(name: &str, given: &Given, key: Option<&SecretKey>) -> Result<Value, String> {
    let is_one_of = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    Ok(match given {
        Given::Plain(Value::String(text)) if is_one_of(&TIMES) => without_zone(text).into(),
        Given::Plain(Value::String(text)) if is_one_of(&FILTERS) => without_variables(text).into(),
        // Whether an empty array clears a property was never seen; null does.
        Given::Plain(Value::Array(items)) if items.is_empty() => Value::Null,
        Given::Plain(Value::Array(items)) if items.iter().all(Value::is_object) => Value::Array(items.clone()),
        Given::Plain(value) => annotated(value),
        Given::Bytes(bytes) => json!({"@odata.type": BYTES, "Data": bytes}),
        Given::Secret(secret) => match key {
            Some(key) if !secret.expose_secret().is_empty() => key.encrypt(secret.expose_secret())?.into(),
            _ => secret.expose_secret().into(),
        },
        Given::Credential { user, secret } => {
            let plain = json!({"UserName": user, "Password": secret.expose_secret()});
            match key {
                Some(key) => key.encrypt(&plain.to_string())?.into(),
                None => plain,
            }
        }
    })
}

/// Hashtables say what they are, and say it first.
fn annotated(value: &Value) -> Value {
    match value {
        Value::Object(map) if !map.contains_key("@odata.type") => {
            let own = ("@odata.type".to_owned(), Value::from(HASHTABLE));
            let rest = map.iter().map(|(name, value)| (name.clone(), annotated(value)));
            Value::Object(std::iter::once(own).chain(rest).collect())
        }
        value => value.clone(),
    }
}

/// The service reads times as UTC and knows no zone suffix.
fn without_zone(text: &str) -> String {
    match text.trim().parse::<Timestamp>() {
        Ok(at) => at.strftime("%Y-%m-%dT%H:%M:%S").to_string(),
        Err(_) => text.to_owned(),
    }
}

/// `$true` and `$false` outside quotes become text, because no PowerShell evaluates the filter on the way.
fn without_variables(filter: &str) -> String {
    let mut pieces: Vec<String> = filter.split('\'').map(str::to_owned).collect();
    // Every other piece lies inside quotes; a doubled quote gives an empty piece and keeps the count right.
    for piece in pieces.iter_mut().step_by(2) {
        for (variable, text) in [("$true", "'True'"), ("$false", "'False'")] {
            while let Some(at) = piece.to_ascii_lowercase().find(variable) {
                piece.replace_range(at..at + variable.len(), text);
            }
        }
    }
    pieces.join("'")
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    fn sent(arguments: Arguments) -> Value {
        parameters(&arguments, None).unwrap()
    }

    #[test]
    fn an_edit_of_a_list_is_an_annotated_hashtable() {
        let sent = sent(Arguments::new().with(
            "EmailAddresses",
            json!({"Add": ["smtp:a@contoso.com"], "Remove": "smtp:b@contoso.com"}),
        ));

        assert_eq!(
            sent.to_string(),
            r##"{"EmailAddresses":{"@odata.type":"#Exchange.GenericHashTable","Add":["smtp:a@contoso.com"],"Remove":"smtp:b@contoso.com"}}"##
        );
    }

    #[test]
    fn bytes_lists_of_tables_and_cleared_lists_have_their_own_forms() {
        let sent = sent(
            Arguments::new()
                .with("CSVData", Given::Bytes(b"Em".to_vec()))
                .with("Rules", json!([{"a": 1}]))
                .with("EmailAddresses", json!([]))
                .with("DomainNames", json!(["contoso.com"])),
        );

        assert_eq!(
            sent["CSVData"],
            json!({"@odata.type": "#Exchange.ByteArrayType", "Data": [69, 109]})
        );
        assert_eq!(sent["Rules@odata.type"], "#Collection(Exchange.GenericHashTable)");
        assert_eq!(sent["Rules"], json!([{"a": 1}]));
        assert_eq!(sent["EmailAddresses"], Value::Null);
        assert_eq!(sent["DomainNames"], json!(["contoso.com"]));
    }

    #[test]
    fn times_lose_their_zone_and_attributes_keep_their_text() {
        let time = "2026-03-01T19:00:00+01:00";

        let sent = sent(Arguments::new().with("CompleteAfter", time).with("CustomAttribute1", time));

        assert_eq!(sent, json!({"CompleteAfter": "2026-03-01T18:00:00", "CustomAttribute1": time}));
    }

    #[test]
    fn variables_in_a_filter_become_text_outside_quotes_only() {
        let filter = "IsDirSynced -eq $True -and Name -ne 'It''s $true' -or Hidden -eq $false";

        let sent = sent(Arguments::new().with("Filter", filter));

        assert_eq!(
            sent["Filter"],
            "IsDirSynced -eq 'True' -and Name -ne 'It''s $true' -or Hidden -eq 'False'"
        );
    }

    #[test]
    fn a_credential_without_key_is_an_object() {
        let secret = SecretString::from("s3cret");
        let credential = Given::Credential {
            user: "app".into(),
            secret,
        };

        let sent = sent(Arguments::new().with("Credentials", credential));

        assert_eq!(sent["Credentials"], json!({"UserName": "app", "Password": "s3cret"}));
    }
}
