//! URLs: made of a host and a path, given options, and followed within their origin only.

use std::fmt::Write;

use reqwest::Url;

use crate::cloud::CloudError;

pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

/// `https://host/path`, with every character that a path cannot hold encoded.
pub(super) fn url(host: &str, path: &str) -> Result<Url, CloudError> {
    let invalid = |why: String| CloudError::Invalid {
        call: path.to_owned(),
        why,
    };
    let mut url = Url::parse(&format!("https://{host}/")).map_err(|error| invalid(error.to_string()))?;
    if path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(invalid("a path cannot climb".into()));
    }
    url.set_path(path);
    Ok(url)
}

/// Gives `url` these options, unless there are none.
pub(super) fn set_query(url: &mut Url, query: &[(&str, &str)]) {
    if !query.is_empty() {
        let options: Vec<String> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        url.set_query(Some(&options.join("&")));
    }
}

/// A space is `%20` here: in an OData option a plus sign is not read as one everywhere.
fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => text.push(char::from(byte)),
            b'-' | b'.' | b'_' | b'~' | b',' | b'(' | b')' | b':' | b'/' | b'@' | b'$' => text.push(char::from(byte)),
            _ => write!(text, "%{byte:02X}").expect("writing to a string does not fail"),
        }
    }
    text
}

/// The link as a URL, unless it would take our token to another host.
pub(super) fn same_origin(own: &Url, link: &str, call: &str) -> Result<Url, CloudError> {
    let url = own.join(link).ok().filter(|url| url.origin() == own.origin());
    url.ok_or_else(|| CloudError::ForeignLink {
        call: call.to_owned(),
        link: link.split(['?', '#']).next().unwrap_or_default().to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_followed_within_its_origin_only() {
        let own = url("outlook.office365.com", "/adminapi").unwrap();

        assert!(same_origin(&own, "https://outlook.office365.com/x?y=1", "c").is_ok());
        for link in [
            "https://outlook.office365.com.evil.example/x",
            "http://outlook.office365.com/x",
            "https://outlook.office365.com:444/x",
        ] {
            assert!(
                matches!(same_origin(&own, link, "c"), Err(CloudError::ForeignLink { .. })),
                "{link}"
            );
        }
    }
}
