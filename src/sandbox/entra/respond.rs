//! The way back to the program that sent a person to sign in.

use uuid::Uuid;

use super::redirect;
use crate::sandbox::Reply;
use crate::sandbox::form;
use crate::sandbox::web::page;

/// Where an answer goes, and how it travels.
pub struct WayBack {
    address: String,
    mode: Option<Mode>,
    state: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Query,
    Fragment,
    FormPost,
}

impl WayBack {
    /// The way to a registered address.
    pub fn new(address: &str, response_mode: Option<&str>, state: Option<&str>) -> Self {
        let mode = match response_mode {
            None | Some("query") => Some(Mode::Query),
            Some("fragment") => Some(Mode::Fragment),
            Some("form_post") => Some(Mode::FormPost),
            Some(_) => None,
        };
        Self {
            address: address.to_owned(),
            mode,
            state: state.map(str::to_owned),
        }
    }

    /// Where it leads.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Whether the program asked for a way that there is.
    pub fn has_known_mode(&self) -> bool {
        self.mode.is_some()
    }

    /// Sends the browser back with these parameters.
    pub fn send(&self, mut parameters: Vec<(&'static str, String)>) -> Reply {
        if let Some(state) = &self.state {
            parameters.push(("state", state.clone()));
        }
        parameters.push(("session_state", Uuid::new_v4().to_string()));
        let mode = self.mode.unwrap_or(Mode::Query);
        if mode == Mode::FormPost {
            let fields: Vec<_> = parameters.iter().map(|(name, value)| (*name, value.as_str())).collect();
            return page::posting("Signing in", &self.address, &fields);
        }
        let told = parameters.iter().map(|(name, value)| (*name, value.as_str()));
        let (address, fragment) = self.address.split_once('#').unwrap_or((&self.address, ""));
        page::redirect(&match mode {
            Mode::Fragment if fragment.is_empty() => format!("{}#{}", redirect::with_path(address), form::written(told)),
            Mode::Fragment => format!("{}#{fragment}&{}", redirect::with_path(address), form::written(told)),
            Mode::Query | Mode::FormPost => redirect::with_parameters(address, told),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_behind_those_that_the_address_has() {
        let cases = [
            ("http://localhost:5000", "http://localhost:5000/?code=a%20b"),
            ("http://localhost:5000/back", "http://localhost:5000/back?code=a%20b"),
            ("https://app.example?x=1%20%3D", "https://app.example/?x=1%20%3D&code=a%20b"),
            ("myapp://auth", "myapp://auth?code=a%20b"),
        ];
        for (address, expected) in cases {
            let reply = WayBack::new(address, None, None).send(vec![("code", "a b".into())]);

            let location = &reply.headers.iter().find(|(name, _)| name == "location").unwrap().1;
            assert_eq!(location.split("&session_state=").next(), Some(expected));
        }
    }
}
