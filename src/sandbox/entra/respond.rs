//! The way back to the program that sent a person to sign in.

use uuid::Uuid;

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
        let encoded: Vec<_> = parameters
            .iter()
            .map(|(name, value)| format!("{name}={}", form::encode(value)))
            .collect();
        let (address, fragment) = self.address.split_once('#').unwrap_or((&self.address, ""));
        let mark = match mode {
            Mode::Fragment if fragment.is_empty() => '#',
            Mode::Query if !address.contains('?') => '?',
            _ => '&',
        };
        // A host without a path has one on the way, as browsers send it.
        let has_path = address.split_once("://").is_none_or(|(_, rest)| rest.contains('/'));
        let slash = if has_path { "" } else { "/" };
        page::redirect(&format!("{address}{slash}{mark}{}", encoded.join("&")))
    }
}
