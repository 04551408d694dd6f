//! Every shape of attribute file, read into one.

use serde_json::Value;
use uuid::Uuid;

use crate::migrate::attributes::columns::FLAGS;
use crate::migrate::attributes::columns::GUIDS;
use crate::migrate::attributes::columns::LISTS;
use crate::migrate::attributes::columns::LITIGATION_HOLD;
use crate::migrate::attributes::columns::NUMBERS;
use crate::migrate::attributes::columns::SINGLE_ITEM_RECOVERY;
use crate::migrate::attributes::columns::TEXTS;
use crate::migrate::attributes::columns::addresses;
use crate::migrate::attributes::columns::guid_text;
use crate::migrate::attributes::columns::lacking;
use crate::migrate::attributes::columns::routing_address;
use crate::migrate::attributes::columns::user_of;
use crate::model::Kind;
use crate::model::ProxyAddress;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::same_text;
use crate::model::split_list;
use crate::model::without_prefix;

/// A row of any attribute file in the shape of [`exported`]: our CSV, CLIXML and JSON, the CSV of the T2T scripts, and what
/// `Get-Mailbox | Select-Object ... | Export-Clixml` leaves. Needs ExchangeGuid, LegacyExchangeDN and EmailAddresses; columns
/// that were not there are not made up.
pub fn source_row(row: &Record) -> Result<Record, Trouble> {
    let row = if is_t2t(row) { &undo_t2t(row) } else { row };
    let mut out = Record::default();
    for (name, value) in row.iter() {
        out.set(&standard_name(name), read_value(row, name, value)?);
    }
    let addresses = addresses(&out)?;
    let user = user_of(&out);
    for needed in ["ExchangeGuid", "LegacyExchangeDN"] {
        if out.text(needed).is_none() {
            return Err(lacking(&user, needed));
        }
    }
    if out.text("PrimarySmtpAddress").is_none() {
        let primary = addresses.iter().find(|address| address.is_primary());
        out.set(
            "PrimarySmtpAddress",
            primary.ok_or_else(|| lacking(&user, "PrimarySmtpAddress"))?.address(),
        );
    }
    if out.text("ExternalEmailAddress").is_none() {
        let found = routing_address(&out.list("EmailAddresses"), out.text("SourceTenant")).unwrap_or_default();
        out.set("ExternalEmailAddress", found);
    }
    if out.text("Alias").is_none() {
        return Err(lacking(&user, "Alias"));
    }
    Ok(out)
}

/// The T2T scripts write this column and no one else does.
const T2T_COLUMN: &str = "ExternalEmailAddressPostMove";

fn is_t2t(row: &Record) -> bool {
    row.has(T2T_COLUMN)
}

/// T2T writes each comma as `---`, and its proxies carry no primary.
fn undo_t2t(row: &Record) -> Record {
    let undo = |value: &Value| match value {
        Value::String(text) => Value::String(text.replace("---", ",")),
        other => other.clone(),
    };
    // Without the column that gave it away the row is not undone a second time.
    let kept = row.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(T2T_COLUMN));
    let mut out: Record = kept.map(|(name, value)| (name.to_owned(), undo(value))).collect();
    let primary = out.text("PrimarySmtpAddress").unwrap_or_default().to_owned();
    let mut entries = split_list(out.text("EmailAddresses").unwrap_or_default());
    entries.retain(|entry| !same_text(without_prefix(entry), &primary));
    if !primary.is_empty() {
        entries.insert(0, ProxyAddress::primary(&primary).to_string());
    }
    out.set("EmailAddresses", entries);
    let elc = out.number("ELCValue").unwrap_or(0);
    out.set("LitigationHoldEnabled", elc & LITIGATION_HOLD != 0);
    out.set("SingleItemRecoveryEnabled", elc & SINGLE_ITEM_RECOVERY != 0);
    out
}

/// The spelling of [`exported`] for a column, whatever its case.
fn standard_name(name: &str) -> String {
    let known = TEXTS
        .iter()
        .chain(GUIDS)
        .chain(FLAGS)
        .chain(LISTS)
        .chain(NUMBERS)
        .chain(&["LegacyExchangeDN"]);
    if let Some(known) = known.into_iter().find(|known| known.eq_ignore_ascii_case(name)) {
        return (*known).to_owned();
    }
    match name.to_ascii_lowercase().strip_prefix("extensionattribute") {
        Some(number) if number.parse::<u8>().is_ok() => format!("CustomAttribute{number}"),
        _ => name.to_owned(),
    }
}

fn read_value(row: &Record, name: &str, value: &Value) -> Result<Value, Trouble> {
    let is_one_of = |names: &[&str]| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    if is_one_of(GUIDS) {
        return guid_value(row, name, value);
    }
    if is_one_of(FLAGS) {
        return Ok(row.flag(name).unwrap_or(false).into());
    }
    if is_one_of(NUMBERS) {
        return Ok(row.number(name).unwrap_or(0).into());
    }
    if is_one_of(LISTS) {
        return Ok(match value {
            Value::String(cell) => split_list(cell).into(),
            _ => row.list(name).into(),
        });
    }
    if name.eq_ignore_ascii_case("ExternalEmailAddress") {
        return Ok(without_prefix(row.text(name).unwrap_or_default()).into());
    }
    Ok(match value {
        Value::String(text) => text.trim().into(),
        Value::Null => "".into(),
        other => other.clone(),
    })
}

/// A GUID in one spelling; the all-zero one means none and becomes empty.
fn guid_value(row: &Record, name: &str, value: &Value) -> Result<Value, Trouble> {
    let text = value.as_str().unwrap_or_default().trim();
    if text.is_empty() {
        return Ok("".into());
    }
    let guid = Uuid::parse_str(text.trim_matches(['{', '}'])).map_err(|_| {
        Trouble::new(Kind::Invalid, format!("`{text}` in `{name}` of `{}` is no GUID", user_of(row)))
            .with_code("BadValue")
            .on_object(user_of(row))
    })?;
    Ok(guid_text((!guid.is_nil()).then_some(guid)).into())
}
