//! The calls of a tenant, answered by the service in memory.

use futures::FutureExt;
use futures::future::BoxFuture;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use crate::change::Permit;
use crate::cloud::ArmQuestion;
use crate::cloud::CloudError;
use crate::cloud::ExchangePage;
use crate::cloud::ExchangePageToken;
use crate::cloud::Identity;
use crate::cloud::LinkedPage;
use crate::cloud::SignInRefusal;
use crate::cloud::VaultSecret;
use crate::model::Arguments;
use crate::model::Record;
use crate::platform::Clock;
use crate::tenant::testing::Fake;
use crate::tenant::wire::Wire;

impl Wire for Fake {
    fn clock(&self) -> &dyn Clock {
        &*self.1
    }

    fn exchange_read<'a>(
        &'a self,
        cmdlet: &'a str,
        parameters: &'a Arguments,
        _: Option<&'a ExchangePageToken>,
    ) -> BoxFuture<'a, Result<ExchangePage, CloudError>> {
        ready(self.cmdlet(cmdlet, parameters, false).map(|records| ExchangePage {
            records,
            ..ExchangePage::default()
        }))
    }

    fn exchange_write<'a>(
        &'a self,
        cmdlet: &'a str,
        parameters: &'a Arguments,
        _: Permit,
    ) -> BoxFuture<'a, Result<ExchangePage, CloudError>> {
        ready(self.cmdlet(cmdlet, parameters, true).map(|records| ExchangePage {
            records,
            ..ExchangePage::default()
        }))
    }

    fn graph_get<'a>(&'a self, path: &'a str, query: &'a [(&'a str, &'a str)]) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.graph("GET", path, options(query)).map(|mut found| found.remove(0)))
    }

    fn graph_page<'a>(
        &'a self,
        path: &'a str,
        query: &'a [(&'a str, &'a str)],
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<LinkedPage, CloudError>> {
        let page = self.reads().len();
        let records = self.graph("GET", path, options(query));
        let next = (self.0.lock().unwrap().paging)(page);
        ready(records.map(|records| LinkedPage { records, next }))
    }

    fn graph_write<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        body: Option<Value>,
        _: Permit,
    ) -> BoxFuture<'a, Result<Option<Record>, CloudError>> {
        ready(
            self.graph(method, path, body.unwrap_or(Value::Null))
                .map(|made| made.into_iter().next()),
        )
    }

    fn arm_get<'a>(&'a self, path: &'a str, _: &'a str) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.azure_get(path))
    }

    fn arm_page<'a>(
        &'a self,
        path: &'a str,
        _: &'a str,
        _: &'a [(&'a str, &'a str)],
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<LinkedPage, CloudError>> {
        ready(self.azure_list(path).map(|records| LinkedPage { records, next: None }))
    }

    fn arm_ask<'a>(&'a self, question: ArmQuestion, subscription: &'a str, name: &'a str) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.azure_ask(question, subscription, name))
    }

    fn arm_write<'a>(
        &'a self,
        method: &'a str,
        path: &'a str,
        _: &'a str,
        body: Option<Value>,
        _: Permit,
    ) -> BoxFuture<'a, Result<Option<Record>, CloudError>> {
        ready(self.azure_write(method, path, body))
    }

    fn vault_get<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<Record, CloudError>> {
        ready(self.azure_get(url))
    }

    fn vault_secret<'a>(&'a self, url: &'a str) -> BoxFuture<'a, Result<VaultSecret, CloudError>> {
        let value = SecretString::from("the certificate with its key");
        ready(self.azure_get(url).map(|record| VaultSecret { record, value }))
    }

    fn vault_page<'a>(&'a self, url: &'a str, _: Option<&'a str>) -> BoxFuture<'a, Result<LinkedPage, CloudError>> {
        ready(self.azure_list(url).map(|records| LinkedPage { records, next: None }))
    }

    fn vault_write<'a>(
        &'a self,
        method: &'a str,
        url: &'a str,
        body: Option<Value>,
        _: Permit,
    ) -> BoxFuture<'a, Result<Option<Record>, CloudError>> {
        ready(self.azure_write(method, url, body))
    }

    fn blob_list<'a>(&'a self, account: &'a str, _: &'a str, prefix: &'a str) -> BoxFuture<'a, Result<Vec<String>, CloudError>> {
        ready(self.blobs(account, prefix))
    }

    fn blob_get<'a>(&'a self, account: &'a str, _: &'a str, name: &'a str) -> BoxFuture<'a, Result<Vec<u8>, CloudError>> {
        ready(self.blob(account, name))
    }

    fn identity(&self) -> BoxFuture<'_, Result<Identity, CloudError>> {
        ready(Ok(Identity {
            app_id: "admin".into(),
            object_id: "id-admin".into(),
            ..Identity::default()
        }))
    }

    /// All domains of a tenant begin alike.
    fn resolve_tenant<'a>(&'a self, domain: &'a str) -> BoxFuture<'a, Result<Option<Uuid>, CloudError>> {
        let is_partner = domain.to_lowercase().starts_with("contoso.");
        ready(Ok(Some(Uuid::from_u128(if is_partner { 0x1111 } else { 0x3333 }))))
    }

    fn application_token<'a>(
        &'a self,
        tenant: &'a str,
        client_id: &'a str,
        secret: Option<&'a SecretString>,
    ) -> BoxFuture<'a, Result<Result<Identity, SignInRefusal>, CloudError>> {
        let mut state = self.0.lock().unwrap();
        state.secret = secret.map(|secret| secret.expose_secret().to_owned());
        let token = state.token.clone();
        drop(state);
        ready(Ok(match token {
            Ok(roles) => Ok(Identity {
                roles,
                ..Identity::default()
            }),
            Err(number) => Err(SignInRefusal {
                number,
                error: "unauthorized_client".into(),
                description: "application was not found".into(),
                tenant: tenant.into(),
                client_id: client_id.into(),
            }),
        }))
    }
}

fn ready<'a, T: Send + 'a>(answer: Result<T, CloudError>) -> BoxFuture<'a, Result<T, CloudError>> {
    std::future::ready(answer).boxed()
}

fn options(query: &[(&str, &str)]) -> Value {
    query.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect()
}
