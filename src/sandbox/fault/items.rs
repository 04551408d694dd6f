//! `Items`: the faults that the items of one batch meet, and what they mean for the reply to the whole.

use std::collections::HashSet;

use super::inject::Place;
use super::inject::meet;
use super::spec::Service;
use crate::sandbox::Reply;
use crate::sandbox::Request;
use crate::sandbox::Tx;
use crate::sandbox::http::Manner;

/// The items of a batch.
pub struct Items {
    service: Service,
    slowed: HashSet<u64>,
    manner: Manner,
}

impl Items {
    /// A batch that `service` answers.
    pub fn of(service: Service) -> Self {
        Self {
            service,
            slowed: HashSet::new(),
            manner: Manner::default(),
        }
    }

    /// Answers one item by `work` as far as the faults that were ordered let it.
    pub fn around(
        &mut self,
        tx: &Tx<'_>,
        request: &Request,
        work: impl FnOnce(&Request) -> rusqlite::Result<Reply>,
    ) -> rusqlite::Result<Reply> {
        let reply = meet(tx, self.service, request, &mut Place::Item(&mut self.slowed), work)?;
        self.manner.delay += reply.manner.delay;
        self.manner.cut |= reply.manner.cut;
        Ok(reply)
    }

    /// The reply to the whole, sent as late as its items make it.
    pub fn sent(self, reply: Reply) -> Reply {
        Reply {
            manner: self.manner,
            ..reply
        }
    }
}
