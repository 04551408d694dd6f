//! The running sandbox: its state, its time, and how a request becomes a reply.

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::AtomicI64;
use std::sync::atomic::Ordering;

use jiff::Timestamp;
use serde_json::json;

use super::Reply;
use super::Request;
use super::Store;
use super::Tx;
use super::arm;
use super::blob;
use super::clock::Pace;
use super::entra;
use super::exchange;
use super::fault;
use super::gateway;
use super::graph;
use super::hosts;
use super::hosts::Face;
use super::request_log::Asked;
use super::traffic::Traffic;
use super::vault;
use super::web;

/// The state behind the listener.
pub struct World {
    /// The state.
    pub store: Store,
    /// Where it is kept.
    pub folder: PathBuf,
    /// What callers of the controls must show.
    pub control_token: String,
    /// The sandbox's time, for those who may not wait for the state.
    now: AtomicI64,
    /// How it goes on.
    pub(super) pace: Mutex<Pace>,
    /// Whether faults were ordered. How long a client stays away is then measured to the moment.
    pub(super) has_faults: AtomicBool,
    traffic: Option<Traffic>,
}

impl World {
    /// The world of an opened state. Its clock stands.
    pub fn new(store: Store, folder: PathBuf, control_token: String) -> rusqlite::Result<Self> {
        let (now, faults) = store.transaction(|tx| Ok::<_, rusqlite::Error>((tx.now(), fault::list(tx)?)))?;
        Ok(Self {
            store,
            folder,
            control_token,
            now: AtomicI64::new(now.as_millisecond()),
            pace: Mutex::new(Pace::new(now, 0.0)),
            has_faults: AtomicBool::new(!faults.is_empty()),
            traffic: Traffic::wanted(),
        })
    }

    /// The time of the state, which a running clock is ahead of until it is caught up with.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.load(Ordering::Acquire)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Notes that the clock of the state was moved.
    pub fn clock_moved(&self, now: Timestamp) {
        self.now.fetch_max(now.as_millisecond(), Ordering::AcqRel);
    }

    /// Answers a request in one transaction, which is beside the writer's when nothing is to be written. A refusal leaves nothing
    /// behind but its line in the log, and those of vaults.
    pub fn answer(&self, request: &Request) -> Reply {
        let Some(face) = hosts::face(&request.host) else {
            return unknown_host(&request.host);
        };
        if face == Face::Control {
            return super::control::answer(self, request);
        }
        self.answer_asked(face, request, &Asked::of(face, request))
    }

    /// As [`World::answer`], for a request at a service that was looked at before.
    pub fn answer_asked(&self, face: Face, request: &Request, asked: &Asked) -> Reply {
        let reply = self.transacted(face, request, asked);
        if let Some(traffic) = &self.traffic {
            traffic.keep(face, request, &reply);
        }
        reply
    }

    fn transacted(&self, face: Face, request: &Request, asked: &Asked) -> Reply {
        if let Err(cause) = self.catch_up() {
            return self.unusable(&cause);
        }
        if asked.is_reading(request) {
            let read = self.store.reading(|tx| {
                let reply = fault::around(tx, face, request, |request| Ok(answer_as(tx, face, request)))?;
                let line = asked.line(tx, request, reply.status);
                Ok::<_, rusqlite::Error>((reply, line))
            });
            match read {
                Ok(Some((reply, line))) => {
                    self.store.log_read(line);
                    return reply;
                }
                Ok(None) => {}
                Err(cause) => return self.unusable(&cause),
            }
        }
        let answered = self.store.transaction(|tx| {
            let reply = fault::around(tx, face, request, |request| {
                tx.keep_when(|| answer_as(tx, face, request), |reply: &Reply| reply.status < 400)
            })?;
            tx.log_request(&asked.line(tx, request, reply.status))?;
            Ok::<_, rusqlite::Error>(reply)
        });
        answered.unwrap_or_else(|cause| self.unusable(&cause))
    }

    /// The reply when the state fails.
    pub fn unusable(&self, cause: &rusqlite::Error) -> Reply {
        tracing::error!(%cause, "the state of the sandbox could not be used");
        let message = format!("the state of the sandbox in `{}` could not be used: {cause}", self.folder.display());
        Reply::json(500, &json!({"error": {"code": "SandboxStateUnusable", "message": message}}))
    }
}

fn answer_as(tx: &Tx<'_>, face: Face, request: &Request) -> Reply {
    if let Some(refusal) = gateway::refusal(face, request) {
        return refusal;
    }
    tx.at_work(face.name());
    match face {
        Face::Entra => entra::handle(tx, request),
        Face::Graph => graph::handle(tx, request),
        Face::Exchange if web::is_mail(request) => web::mail(tx, request),
        Face::Exchange => exchange::handle(tx, request),
        Face::Arm => arm::handle(tx, request),
        Face::Vault => vault::handle(tx, request),
        Face::Blob => blob::handle(tx, request),
        Face::Web => web::handle(tx, request),
        Face::Control => Reply::empty(404),
    }
}

/// The reply where no name would resolve.
pub fn unknown_host(host: &str) -> Reply {
    let message = format!("the sandbox has no service at `{host}`");
    Reply::json(404, &json!({"error": {"code": "UnknownHost", "message": message}}))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::sandbox::testing::Desk;
    use crate::sandbox::testing::read;
    use crate::sandbox::testing::request;

    #[test]
    fn a_cmdlet_is_answered_at_the_host_of_exchange_and_its_name_is_in_the_log() {
        let desk = Desk::new();
        let token = desk.token("northwind", "https://outlook.office365.com/.default");
        let path = format!("/adminapi/beta/{}/InvokeCommand", desk.tenant("northwind").tenant_id);
        let mut request = request("POST", "outlook.office365.com", &path);
        request.headers.push(("authorization".into(), format!("Bearer {token}")));
        request.headers.push(("content-type".into(), "application/json".into()));
        request.headers.push(("x-responseformat".into(), "json".into()));
        request.body = json!({"CmdletInput": {"CmdletName": "Get-AcceptedDomain", "Parameters": {}}})
            .to_string()
            .into_bytes();

        let (status, answer) = read(&desk.world.answer(&request));

        assert_eq!(status, 200, "{answer}");
        let domains: Vec<_> = answer["value"]
            .as_array()
            .unwrap()
            .iter()
            .map(|domain| domain["DomainName"].as_str().unwrap())
            .collect();
        assert!(domains.contains(&"northwind.com"), "{domains:?}");
        let lines = desk.world.store.transaction(|tx| tx.requests(None, None)).unwrap();
        let last = lines.last().unwrap();
        assert_eq!(last.line, format!("POST outlook.office365.com{path} Get-AcceptedDomain"));
        assert_eq!((last.tenant.as_str(), last.status), ("northwind", 200));
    }

    #[test]
    fn who_only_reads_writes_nothing_and_is_in_the_log() {
        let desk = Desk::new();
        let token = desk.token("contoso", "https://outlook.office365.com/.default");
        let path = format!("/adminapi/beta/{}/InvokeCommand", desk.tenant("contoso").tenant_id);
        let mut request = request("POST", "outlook.office365.com", &path);
        request.headers.push(("authorization".into(), format!("Bearer {token}")));
        request.headers.push(("content-type".into(), "application/json".into()));
        let state = rusqlite::Connection::open(desk.world.folder.join("state.db")).unwrap();
        // It changes with every commit of another connection.
        let version = || state.query_row("pragma data_version", [], |row| row.get::<_, i64>(0)).unwrap();
        let before = version();

        for name in ["Get-Mailbox", "Get-MailUser", "Get-Recipient", "Get-User"] {
            request.body = json!({"CmdletInput": {"CmdletName": name, "Parameters": {"Identity": "LaraN"}}})
                .to_string()
                .into_bytes();
            assert!([200, 404].contains(&desk.world.answer(&request).status), "{name}");
            assert_eq!(version(), before, "{name}");
        }

        let lines = desk.world.store.transaction(|tx| tx.requests(None, Some(4))).unwrap();
        assert!(
            lines[0].line.ends_with(" Get-Mailbox") && lines[3].line.ends_with(" Get-User"),
            "{lines:?}"
        );
    }

    #[test]
    fn a_host_that_is_none_of_the_clouds_is_unknown() {
        let desk = Desk::new();

        let (status, answer) = read(&desk.world.answer(&request("GET", "www.contoso.com", "/")));

        assert_eq!((status, &answer["error"]["code"]), (404, &json!("UnknownHost")));
    }
}
