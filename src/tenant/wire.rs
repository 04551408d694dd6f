//! `Wire`: what a tenant needs of the connection. The real one is `cloud::Connection`; tests script the answers.

use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use crate::change::Permit;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::ExchangePage;
use crate::cloud::ExchangePageToken;
use crate::cloud::GraphPage;
use crate::cloud::Identity;
use crate::cloud::SignInRefusal;
use crate::model::Arguments;
use crate::model::Record;
use crate::platform::Clock;

type Answer<'a, T> = BoxFuture<'a, Result<T, CloudError>>;
type Query<'a> = &'a [(&'a str, &'a str)];

/// The calls that lead to the services.
pub(super) trait Wire: Send + Sync {
    fn clock(&self) -> &dyn Clock;
    fn exchange_read<'a>(
        &'a self,
        cmdlet: &'a str,
        parameters: &'a Arguments,
        page: Option<&'a ExchangePageToken>,
    ) -> Answer<'a, ExchangePage>;
    fn exchange_write<'a>(&'a self, cmdlet: &'a str, parameters: &'a Arguments, permit: Permit) -> Answer<'a, ExchangePage>;
    fn graph_get<'a>(&'a self, path: &'a str, query: Query<'a>) -> Answer<'a, Record>;
    fn graph_page<'a>(&'a self, path: &'a str, query: Query<'a>, next: Option<&'a str>) -> Answer<'a, GraphPage>;
    fn graph_write<'a>(&'a self, method: &'a str, path: &'a str, body: Option<Value>, permit: Permit) -> Answer<'a, Option<Record>>;
    fn resolve_tenant<'a>(&'a self, domain_or_id: &'a str) -> Answer<'a, Option<Uuid>>;
    fn application_token<'a>(
        &'a self,
        tenant: &'a str,
        client_id: &'a str,
        secret: Option<&'a SecretString>,
    ) -> Answer<'a, Result<Identity, SignInRefusal>>;
}

impl Wire for Connection {
    fn clock(&self) -> &dyn Clock {
        &**Connection::clock(self)
    }

    fn exchange_read<'a>(
        &'a self,
        cmdlet: &'a str,
        parameters: &'a Arguments,
        page: Option<&'a ExchangePageToken>,
    ) -> Answer<'a, ExchangePage> {
        Connection::exchange_read(self, cmdlet, parameters, page).boxed()
    }

    fn exchange_write<'a>(&'a self, cmdlet: &'a str, parameters: &'a Arguments, permit: Permit) -> Answer<'a, ExchangePage> {
        Connection::exchange_write(self, cmdlet, parameters, permit).boxed()
    }

    fn graph_get<'a>(&'a self, path: &'a str, query: Query<'a>) -> Answer<'a, Record> {
        Connection::graph_get(self, path, query).boxed()
    }

    fn graph_page<'a>(&'a self, path: &'a str, query: Query<'a>, next: Option<&'a str>) -> Answer<'a, GraphPage> {
        Connection::graph_page(self, path, query, next).boxed()
    }

    fn graph_write<'a>(&'a self, method: &'a str, path: &'a str, body: Option<Value>, permit: Permit) -> Answer<'a, Option<Record>> {
        Connection::graph_write(self, method, path, body, permit).boxed()
    }

    fn resolve_tenant<'a>(&'a self, domain_or_id: &'a str) -> Answer<'a, Option<Uuid>> {
        Connection::resolve_tenant(self, domain_or_id).boxed()
    }

    fn application_token<'a>(
        &'a self,
        tenant: &'a str,
        client_id: &'a str,
        secret: Option<&'a SecretString>,
    ) -> Answer<'a, Result<Identity, SignInRefusal>> {
        self.try_application_token(tenant, client_id, secret).boxed()
    }
}
