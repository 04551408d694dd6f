//! Where a sign-in may lead back to: the addresses that an application registered, and how an asked one is compared with them.

use serde_json::Value;

use crate::sandbox::Object;
use crate::sandbox::form;
use crate::sandbox::hosts;

/// The registered address of native programs that listen nowhere. Each login host has it.
pub const NATIVE: &str = "https://login.microsoftonline.com/common/oauth2/nativeclient";
/// Its path.
const NATIVE_PATH: &str = "/common/oauth2/nativeclient";

/// For what kind of program an address is registered. It decides how the program must show who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// A server with a secret.
    Web,
    /// A page that runs in the browser.
    Spa,
    /// A program on somebody's device.
    Public,
}

impl Platform {
    const ALL: [(Self, &str); 3] = [(Self::Web, "web"), (Self::Spa, "spa"), (Self::Public, "publicClient")];

    /// Its name, as an application's properties have it.
    pub fn name(self) -> &'static str {
        let found = Self::ALL.iter().find(|(platform, _)| *platform == self);
        found.map_or("web", |(_, name)| name)
    }

    /// The platform of that name.
    pub fn named(name: &str) -> Self {
        let found = Self::ALL.iter().find(|(_, known)| *known == name);
        found.map_or(Self::Web, |(platform, _)| *platform)
    }
}

/// The addresses that `application` registered.
pub fn registered(application: &Object) -> Vec<(Platform, String)> {
    let of = |platform: Platform| {
        let uris = application
            .body
            .get(platform.name())
            .and_then(|part| part["redirectUris"].as_array());
        let uris = uris.into_iter().flatten().filter_map(Value::as_str);
        uris.map(move |uri| (platform, uri.to_owned())).collect::<Vec<_>>()
    };
    Platform::ALL.into_iter().flat_map(|(platform, _)| of(platform)).collect()
}

/// Whether the asked address is the registered one. A program on the device listens on any port of `localhost`, and the native
/// address is the same at each login host.
pub fn is_same(registered: &str, asked: &str) -> bool {
    let (Some(known), Some(asked)) = (Address::of(registered), Address::of(asked)) else {
        return registered == asked;
    };
    if known.is_native() && asked.is_native() {
        return true;
    }
    let is_loopback = known.scheme == "http" && ["localhost", "127.0.0.1", "[::1]"].contains(&known.host.as_str());
    let has_port = is_loopback || known.port == asked.port;
    known.scheme == asked.scheme && known.host == asked.host && has_port && known.rest == asked.rest
}

/// `address` with these parameters behind those that its query has.
pub fn with_parameters<'p>(address: &str, parameters: impl IntoIterator<Item = (&'p str, &'p str)>) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept = if query.is_empty() { String::new() } else { format!("{query}&") };
    format!("{}?{kept}{}", with_path(path), form::written(parameters))
}

/// `address` as browsers send it: a host of the web has a path.
pub fn with_path(address: &str) -> String {
    let (path, query) = address.split_at(address.find('?').unwrap_or(address.len()));
    let is_bare = path.starts_with("http") && path.split_once("://").is_some_and(|(_, rest)| !rest.contains('/'));
    format!("{path}{}{query}", if is_bare { "/" } else { "" })
}

struct Address<'a> {
    scheme: String,
    host: String,
    port: &'a str,
    rest: &'a str,
}

impl<'a> Address<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, rest) = rest.split_at(end);
        let has_port = |(_, port): &(&str, &str)| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
        let (host, port) = authority.rsplit_once(':').filter(has_port).unwrap_or((authority, ""));
        Some(Self {
            scheme: scheme.to_ascii_lowercase(),
            host: host.to_ascii_lowercase(),
            port,
            // The lone slash at the end of a host says nothing.
            rest: if rest == "/" { "" } else { rest },
        })
    }

    /// Whether it is the address of native programs at a login host.
    fn is_native(&self) -> bool {
        self.scheme == "https" && self.rest == NATIVE_PATH && self.port.is_empty() && hosts::face(&self.host) == Some(hosts::Face::Entra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_port_of_loopback_and_the_slash_after_a_host_are_free() {
        let cases = [
            ("http://localhost", "http://localhost:49152", true),
            ("http://localhost", "http://localhost:49152/", true),
            ("http://localhost:80/back", "http://LOCALHOST:49152/back", true),
            ("http://localhost", "http://localhost:49152/back", false),
            ("http://localhost", "https://localhost:49152", false),
            ("http://localhost", "http://127.0.0.1:49152", false),
            ("http://127.0.0.1", "http://127.0.0.1:49152", true),
            ("https://office.com", "https://office.com/", true),
            ("https://office.com", "https://office.com:8443", false),
            ("https://office.com/Back", "https://office.com/back", false),
            ("https://office.com", "https://office.com.evil.example", false),
            ("http://localhost", "http://localhost:1@evil.example", false),
            (NATIVE, "https://login.microsoftonline.us/common/oauth2/nativeclient", true),
            (NATIVE, "https://evil.example/common/oauth2/nativeclient", false),
            (NATIVE, "https://login.evil.example/common/oauth2/nativeclient", false),
            (NATIVE, "https://login.microsoftonline.us:8443/common/oauth2/nativeclient", false),
            (
                "https://app.example/common/oauth2/nativeclient",
                "https://app.example/common/oauth2/nativeclient",
                true,
            ),
            ("myapp://auth", "myapp://auth", true),
            ("urn:ietf:wg:oauth:2.0:oob", "urn:ietf:wg:oauth:2.0:oob", true),
        ];
        for (registered, asked, expected) in cases {
            assert_eq!(is_same(registered, asked), expected, "{registered} {asked}");
        }
    }
}
