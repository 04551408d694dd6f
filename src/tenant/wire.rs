//! `Wire`: what a tenant needs of the connection. The real one is `cloud::Connection`; tests script the answers.

use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::SecretString;
use serde_json::Value;
use uuid::Uuid;

use crate::change::Permit;
use crate::cloud::ArmQuestion;
use crate::cloud::CloudError;
use crate::cloud::Connection;
use crate::cloud::ExchangePage;
use crate::cloud::ExchangePageToken;
use crate::cloud::Identity;
use crate::cloud::LinkedPage;
use crate::cloud::SignInRefusal;
use crate::cloud::VaultSecret;
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
    fn graph_page<'a>(&'a self, path: &'a str, query: Query<'a>, next: Option<&'a str>) -> Answer<'a, LinkedPage>;
    fn graph_write<'a>(&'a self, method: &'a str, path: &'a str, body: Option<Value>, permit: Permit) -> Answer<'a, Option<Record>>;
    fn arm_get<'a>(&'a self, path: &'a str, api_version: &'a str) -> Answer<'a, Record>;
    fn arm_page<'a>(&'a self, path: &'a str, api_version: &'a str, query: Query<'a>, next: Option<&'a str>) -> Answer<'a, LinkedPage>;
    fn arm_ask<'a>(&'a self, question: ArmQuestion, subscription: &'a str, name: &'a str) -> Answer<'a, Record>;
    fn arm_write<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        api_version: &'a str,
        body: Option<Value>,
        permit: Permit,
    ) -> Answer<'a, Option<Record>>;
    fn vault_get<'a>(&'a self, url: &'a str) -> Answer<'a, Record>;
    fn vault_secret<'a>(&'a self, url: &'a str) -> Answer<'a, VaultSecret>;
    fn vault_page<'a>(&'a self, url: &'a str, next: Option<&'a str>) -> Answer<'a, LinkedPage>;
    fn vault_write<'a>(&'a self, method: &'a str, url: &'a str, body: Option<Value>, permit: Permit) -> Answer<'a, Option<Record>>;
    fn blob_list<'a>(&'a self, account: &'a str, container: &'a str, prefix: &'a str) -> Answer<'a, Vec<String>>;
    fn blob_get<'a>(&'a self, account: &'a str, container: &'a str, name: &'a str) -> Answer<'a, Vec<u8>>;
    fn identity(&self) -> Answer<'_, Identity>;
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

    fn graph_page<'a>(&'a self, path: &'a str, query: Query<'a>, next: Option<&'a str>) -> Answer<'a, LinkedPage> {
        Connection::graph_page(self, path, query, next).boxed()
    }

    fn graph_write<'a>(&'a self, method: &'a str, path: &'a str, body: Option<Value>, permit: Permit) -> Answer<'a, Option<Record>> {
        Connection::graph_write(self, method, path, body, permit).boxed()
    }

    fn arm_get<'a>(&'a self, path: &'a str, api_version: &'a str) -> Answer<'a, Record> {
        Connection::arm_get(self, path, api_version).boxed()
    }

    fn arm_page<'a>(&'a self, path: &'a str, api_version: &'a str, query: Query<'a>, next: Option<&'a str>) -> Answer<'a, LinkedPage> {
        Connection::arm_page(self, path, api_version, query, next).boxed()
    }

    fn arm_ask<'a>(&'a self, question: ArmQuestion, subscription: &'a str, name: &'a str) -> Answer<'a, Record> {
        Connection::arm_ask(self, question, subscription, name).boxed()
    }

    fn arm_write<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        api_version: &'a str,
        body: Option<Value>,
        permit: Permit,
    ) -> Answer<'a, Option<Record>> {
        Connection::arm_write(self, method, path, api_version, body, permit).boxed()
    }

    fn vault_get<'a>(&'a self, url: &'a str) -> Answer<'a, Record> {
        Connection::vault_get(self, url).boxed()
    }

    fn vault_secret<'a>(&'a self, url: &'a str) -> Answer<'a, VaultSecret> {
        Connection::vault_secret(self, url).boxed()
    }

    fn vault_page<'a>(&'a self, url: &'a str, next: Option<&'a str>) -> Answer<'a, LinkedPage> {
        Connection::vault_page(self, url, next).boxed()
    }

    fn vault_write<'a>(&'a self, method: &'a str, url: &'a str, body: Option<Value>, permit: Permit) -> Answer<'a, Option<Record>> {
        Connection::vault_write(self, method, url, body, permit).boxed()
    }

    fn blob_list<'a>(&'a self, account: &'a str, container: &'a str, prefix: &'a str) -> Answer<'a, Vec<String>> {
        Connection::blob_list(self, account, container, prefix).boxed()
    }

    fn blob_get<'a>(&'a self, account: &'a str, container: &'a str, name: &'a str) -> Answer<'a, Vec<u8>> {
        Connection::blob_get(self, account, container, name).boxed()
    }

    fn identity(&self) -> Answer<'_, Identity> {
        Connection::identity(self).boxed()
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
