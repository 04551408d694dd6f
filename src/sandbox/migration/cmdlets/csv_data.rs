//! The list of a batch: a CSV with the target addresses in `EmailAddress`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::refused;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::rule;

const ADDRESS: &str = "EmailAddress";
const KNOWN: &[&str] = &[
    ADDRESS,
    "BadItemLimit",
    "LargeItemLimit",
    "MailboxType",
    "TargetDatabase",
    "TargetArchiveDatabase",
];

/// The addresses of `CSVData`, each once, and a warning for each that stands in it again.
pub fn addresses(call: &Call<'_>) -> Result<(Vec<String>, Vec<String>), Refusal> {
    let bytes = bytes(call.get("CSVData")).ok_or_else(|| refused("The parameter CSVData is required."))?;
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(bytes);
    let unreadable = |cause: csv::Error| refused(format!("The CSV file couldn't be read: {cause}."));
    let header = reader.headers().map_err(unreadable)?.clone();
    let is_known = |name: &&str| KNOWN.iter().any(|known| known.eq_ignore_ascii_case(name));
    let unknown = header.iter().filter(|name| !is_known(name)).collect::<Vec<_>>();
    if !unknown.is_empty() && !call.is_on("AllowUnknownColumnsInCSV") {
        return Err(Refusal::by(&rule::UNKNOWN_COLUMN, &[&unknown.join("', '")]));
    }
    let column = header.iter().position(|name| name.eq_ignore_ascii_case(ADDRESS));
    let column = column.ok_or_else(|| refused(format!("The CSV file doesn't have the required column '{ADDRESS}'.")))?;
    let (mut found, mut warnings) = (Vec::<String>::new(), Vec::new());
    for row in reader.records() {
        let row = row.map_err(unreadable)?;
        let address = row.get(column).unwrap_or_default();
        if address.is_empty() {
            continue;
        }
        match found.iter().any(|known| known.eq_ignore_ascii_case(address)) {
            true => warnings.push(format!("The user '{address}' appears more than once in the CSV file.")),
            false => found.push(address.to_owned()),
        }
    }
    match found.is_empty() {
        true => Err(refused("The CSV file doesn't contain any users.")),
        false => Ok((found, warnings)),
    }
}

fn bytes(value: Option<&Value>) -> Option<Vec<u8>> {
    match value? {
        Value::Array(numbers) => numbers.iter().map(|number| u8::try_from(number.as_u64()?).ok()).collect(),
        Value::String(text) => STANDARD.decode(text).ok(),
        Value::Object(object) => bytes(object.get("Data")),
        _ => None,
    }
}
