//! The pages as a person uses them: a browser without scripts that follows redirects, keeps cookies and presses buttons.

mod admin_consent;
mod consent;
mod device;
mod invitation;
mod sign_in;

use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::directory;
use crate::sandbox::form;
use crate::sandbox::hosts;
use crate::sandbox::ids;
use crate::sandbox::testing::Desk;
use crate::sandbox::testing::request;

pub const LOGIN: &str = "https://login.microsoftonline.com";

/// Somebody at a browser.
pub struct Browser<'a> {
    desk: &'a Desk,
    /// By host.
    cookies: BTreeMap<String, String>,
    /// Where the person is, or would be if the sandbox had that host.
    pub address: String,
    pub status: u16,
    /// The page that is shown; empty where no host of the sandbox is.
    pub shown: String,
}

impl<'a> Browser<'a> {
    pub fn new(desk: &'a Desk) -> Self {
        Self {
            desk,
            cookies: BTreeMap::new(),
            address: String::new(),
            status: 0,
            shown: String::new(),
        }
    }

    /// Opens an address and follows redirects, as far as the sandbox answers.
    pub fn open(&mut self, address: &str) -> &mut Self {
        self.go("GET", address, &[])
    }

    /// Presses the button with that text, with some fields filled in.
    pub fn press(&mut self, button: &str, typed: &[(&str, &str)]) -> &mut Self {
        let (action, fields) = self.filled(button, typed);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.go("POST", &action, &fields)
    }

    /// Where the form with that button goes, and what it sends.
    pub fn filled(&self, button: &str, typed: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let of_form = |form: &&str| form.contains(&format!(">{button}<"));
        let form = self.shown.split("<form ").skip(1).find(of_form);
        let form = form.unwrap_or_else(|| panic!("no button `{button}` on {}: {}", self.address, self.shown));
        let form = form.split("</form>").next().unwrap();
        let pressed = form
            .split("<button")
            .skip(1)
            .find(|tag| tag.contains(&format!(">{button}<")))
            .unwrap();
        let inputs = form.split("<input").skip(1).filter(|tag| attribute(tag, "type") != "checkbox");
        let mut fields: Vec<_> = inputs
            .chain([pressed])
            .map(|tag| (attribute(tag, "name"), attribute(tag, "value")))
            .collect();
        fields.retain(|(name, _)| !name.is_empty() && typed.iter().all(|(known, _)| known != name));
        fields.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        (attribute(form, "action"), fields)
    }

    /// Follows the link with that text.
    pub fn follow(&mut self, text: &str) -> &mut Self {
        let link = self.shown.split("<a ").skip(1).find(|link| link.contains(text));
        let link = attribute(link.unwrap_or_else(|| panic!("no link `{text}`: {}", self.shown)), "href");
        let host = self.address.strip_prefix("https://").unwrap().split('/').next().unwrap();
        let address = if link.starts_with('/') {
            format!("https://{host}{link}")
        } else {
            link
        };
        self.open(&address)
    }

    /// Signs in on the account picker.
    pub fn sign_in(&mut self, account: &str) -> &mut Self {
        self.press("Sign in", &[("login", account)])
    }

    pub fn go(&mut self, method: &str, address: &str, fields: &[(&str, &str)]) -> &mut Self {
        let (mut method, mut address, mut fields) = (method.to_owned(), address.to_owned(), fields.to_vec());
        for _ in 0..9 {
            self.address = address.clone();
            self.shown.clear();
            let rest = address.strip_prefix("https://").unwrap_or_default();
            let host = rest.split(['/', '?']).next().unwrap().to_owned();
            if hosts::face(&host).is_none() {
                return self;
            }
            let (path, query) = rest[host.len()..].split_once('?').unwrap_or((&rest[host.len()..], ""));
            let mut request = request(&method, &host, &form::decode(path));
            request.query = form::pairs(query);
            let sent: Vec<_> = fields
                .iter()
                .map(|(name, value)| format!("{name}={}", form::encode(value)))
                .collect();
            request.body = sent.join("&").into_bytes();
            let reply = self.send(request);
            self.status = reply.status;
            match reply.headers.iter().find(|(name, _)| name == "location") {
                Some((_, location)) => address = location.clone(),
                None => {
                    self.shown = String::from_utf8(reply.body).unwrap();
                    return self;
                }
            }
            (method, fields) = ("GET".to_owned(), Vec::new());
        }
        panic!("too many redirects, at last to {address}");
    }

    fn send(&mut self, mut request: Request) -> Reply {
        if let Some(cookie) = self.cookies.get(&request.host) {
            request.headers.push(("cookie".into(), cookie.clone()));
        }
        let reply = self.desk.world.answer(&request);
        for (_, value) in reply.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let cookie = value.split(';').next().unwrap().to_owned();
            self.cookies.insert(request.host.clone(), cookie);
        }
        reply
    }

    /// The parameters of the address where the person ended up.
    pub fn landed(&self) -> Vec<(String, String)> {
        form::pairs(self.address.split_once('?').map_or("", |(_, query)| query))
    }
}

fn attribute(tag: &str, name: &str) -> String {
    let tag = tag.split('>').next().unwrap();
    let found = tag.split_once(&format!("{name}=\""));
    let value = found.map_or("", |(_, rest)| rest.split('"').next().unwrap());
    let plain = value.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    plain.replace("&#39;", "'").replace("&amp;", "&")
}

/// An application of `northwind` that may be installed anywhere and asks for these: its application id.
pub fn application(desk: &Desk, name: &str, required: &[(&str, &str, &str)]) -> String {
    let access = required
        .iter()
        .map(|(resource, id, kind)| json!({"resourceAppId": resource, "resourceAccess": [{"id": id, "type": kind}]}));
    let body = json!({
        "displayName": name, "signInAudience": "AzureADMultipleOrgs",
        "web": {"redirectUris": ["https://office.com", "http://localhost"]},
        "requiredResourceAccess": access.collect::<Vec<_>>(),
    });
    let (status, application) = desk.graph("northwind", "POST", "applications", body);
    assert_eq!(status, 201, "{application}");
    application["appId"].as_str().unwrap().to_owned()
}

/// One that asks for what moves of mailboxes need.
pub fn mover(desk: &Desk) -> String {
    application(desk, "Mover", &[(ids::EXCHANGE, ids::MAILBOX_MIGRATION, "Role")])
}

/// The delegated scopes of Graph that the application has in `contoso` for its administrator.
pub fn delegated(desk: &Desk, app_id: &str) -> Vec<String> {
    let read = desk.world.store.transaction(|tx| {
        let client = directory::service_principal(tx, "contoso", app_id);
        let admin = directory::admin_user(tx, "contoso").unwrap();
        let scopes =
            client.map(|client: Object| directory::delegated_scopes(tx, "contoso", client.text("id"), ids::GRAPH, admin.text("id")));
        Ok::<_, rusqlite::Error>(scopes.unwrap_or_default())
    });
    read.unwrap()
}

pub fn value<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// The user of the tenant, as Graph shows it.
pub fn user(desk: &Desk, tenant: &str, id: &str) -> Value {
    let address = format!("users/{id}?$select=id,userPrincipalName,externalUserState");
    desk.graph(tenant, "GET", &address, Value::Null).1
}
