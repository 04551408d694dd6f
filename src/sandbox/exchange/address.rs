//! Proxy addresses: whose they are, in which domains they may lie, and how they are edited.

use serde_json::Value;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::lookup;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::refusal;

/// The live recipient other than the row `except` that holds the proxy address, or whose LegacyExchangeDN an X500 address is.
pub fn owner(tx: &Tx<'_>, tenant: &str, proxy: &str, except: &str) -> rusqlite::Result<Option<Object>> {
    let mut found = tx.find(tenant, "proxy", proxy)?;
    if let Some((prefix, dn)) = proxy.split_once(':')
        && prefix.eq_ignore_ascii_case("x500")
    {
        found.extend(tx.find(tenant, "legacy-dn", dn)?);
    }
    Ok(found
        .into_iter()
        .find(|row| row.kind == recipient::KIND && row.id != except && !recipient::is_soft_deleted(row)))
}

/// Whether the address lies in a domain of the tenant.
pub fn is_accepted(tx: &Tx<'_>, tenant: &str, address: &str) -> bool {
    let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
    let accepted = directory::accepted_domains(tx, tenant);
    accepted.iter().any(|known| known.eq_ignore_ascii_case(domain))
}

/// Refuses a text that is no SMTP address.
pub fn check_form(address: &str) -> Result<(), Refusal> {
    let is_address = address.split_once('@').is_some_and(|(local, domain)| {
        let is_clean = |text: &str| !text.is_empty() && !text.contains(char::is_whitespace) && !text.contains(['@', ',', ';', '<', '>']);
        is_clean(local) && is_clean(domain) && !domain.starts_with('.') && !domain.ends_with('.')
    });
    match is_address {
        true => Ok(()),
        false => Err(refusal::validation(format!(
            "The email address \"{address}\" isn't correct. Please use this format: user name, the @ sign, followed by the domain name."
        ))),
    }
}

/// A proxy address as it is kept: the prefix of SMTP says whether it is primary, X500 is upper case.
pub fn normal(text: &str) -> String {
    match text.split_once(':') {
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("x500") => format!("X500:{rest}"),
        Some((prefix, rest)) if prefix.eq_ignore_ascii_case("smtp") && prefix != "SMTP" => format!("smtp:{rest}"),
        Some((prefix, _)) if prefix.chars().all(char::is_alphanumeric) => text.to_owned(),
        _ => format!("smtp:{text}"),
    }
}

/// The proxies after the value given for `EmailAddresses`: a new list, or an Add/Remove edit.
pub fn edited(current: &[String], given: &Value) -> Result<Vec<String>, Refusal> {
    let mut primary = primary_of(current);
    let list = match given {
        Value::Object(edit) => {
            let mut list = current.to_vec();
            for gone in lookup::edit_part(edit, "Remove") {
                let gone = normal(&gone);
                list.retain(|held| !held.eq_ignore_ascii_case(&gone));
            }
            for added in lookup::edit_part(edit, "Add") {
                let added = normal(&added);
                if let Some(address) = added.strip_prefix("SMTP:") {
                    primary = Some(address.to_owned());
                }
                if !list.iter().any(|held| held.eq_ignore_ascii_case(&added)) {
                    list.push(added);
                }
            }
            list
        }
        Value::Array(items) => {
            let list = distinct(items.iter().filter_map(Value::as_str).map(normal));
            primary = primary_of(&list).or_else(|| list.iter().find_map(|proxy| recipient::smtp_address(proxy).map(str::to_owned)));
            list
        }
        Value::String(text) => return edited(current, &Value::Array(vec![Value::String(text.clone())])),
        _ => Vec::new(),
    };
    if list.iter().filter(|proxy| proxy.starts_with("SMTP:")).count() > 1 && !matches!(given, Value::Object(_)) {
        return Err(refusal::validation(
            "There are multiple primary e-mail addresses of type \"SMTP\". Only one primary address per type is allowed.",
        ));
    }
    match primary {
        Some(primary) if list.iter().any(|proxy| is_smtp(proxy, &primary)) => Ok(with_primary(&list, &primary)),
        _ => Err(refusal::validation(
            "The proxy addresses must contain exactly one primary SMTP address; it can't be removed, only replaced.",
        )),
    }
}

fn distinct(proxies: impl Iterator<Item = String>) -> Vec<String> {
    let mut list: Vec<String> = Vec::new();
    for proxy in proxies {
        if !list.iter().any(|held| held.eq_ignore_ascii_case(&proxy)) {
            list.push(proxy);
        }
    }
    list
}

fn is_smtp(proxy: &str, address: &str) -> bool {
    recipient::smtp_address(proxy).is_some_and(|held| held.eq_ignore_ascii_case(address))
}

fn primary_of(proxies: &[String]) -> Option<String> {
    proxies.iter().find_map(|proxy| proxy.strip_prefix("SMTP:")).map(str::to_owned)
}

/// The proxies with `address` as primary; the former primary stays as secondary.
pub fn with_primary(proxies: &[String], address: &str) -> Vec<String> {
    let others = proxies
        .iter()
        .filter(|proxy| !is_smtp(proxy, address))
        .map(|proxy| match proxy.strip_prefix("SMTP:") {
            Some(former) => format!("smtp:{former}"),
            None => proxy.clone(),
        });
    std::iter::once(format!("SMTP:{address}")).chain(others).collect()
}

/// Refuses proxies that are not in `before` when their form, their domain or their owner forbids them.
pub fn check_added(tx: &Tx<'_>, row: &Object, before: &[String], after: &[String]) -> Result<(), Refusal> {
    for proxy in after {
        if before.iter().any(|held| held.eq_ignore_ascii_case(proxy)) {
            continue;
        }
        if let Some(address) = recipient::smtp_address(proxy) {
            check_form(address)?;
            if !is_accepted(tx, &row.tenant, address) {
                return Err(refusal::not_accepted());
            }
        }
        if let Some(owner) = owner(tx, &row.tenant, proxy, &row.id)? {
            return Err(refusal::proxy_exists(proxy, &recipient::distinguished_name(tx, &owner)));
        }
    }
    Ok(())
}

/// `name` as an alias: only the characters an alias may have.
pub fn alias_from(name: &str) -> String {
    let is_allowed = |letter: &char| letter.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(*letter);
    let cleaned: String = name.chars().filter(is_allowed).take(64).collect();
    cleaned.trim_matches('.').to_owned()
}

/// Refuses an alias that another live recipient has.
pub fn check_alias(tx: &Tx<'_>, tenant: &str, alias: &str, except: &str) -> Result<(), Refusal> {
    if alias.is_empty() || alias_from(alias) != alias {
        return Err(refusal::validation(format!(
            "The alias \"{alias}\" has characters that an alias can't have."
        )));
    }
    let taken = tx.find(tenant, "alias", alias)?;
    let owner = taken
        .iter()
        .find(|row| row.kind == recipient::KIND && row.id != except && !recipient::is_soft_deleted(row));
    match owner {
        None => Ok(()),
        Some(owner) => Err(refusal::task(format!(
            "The alias \"{alias}\" is already being used by \"{}\". Please choose another alias.",
            owner.text("Name")
        ))),
    }
}
