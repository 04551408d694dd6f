//! Writes on what is in a key vault: certificates and secrets.

use super::base::VAULT;
use super::base::high;
use super::base::object;
use super::base::secret;
use super::base::text;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::Inverse;
use crate::change::Retry;
use crate::change::Verb;

pub static NEW_CERTIFICATE: Descriptor = Descriptor {
    name: "new_certificate",
    noun: "certificate",
    verb: Verb::Create,
    help: "Has a key vault make a new certificate; `get_certificate_operation` says how far it has come.",
    call: Call::Vault {
        method: "POST",
        path: "{vault}/certificates/{name}/create",
    },
    identity: Some("vault"),
    arguments: &[text("name").required(), object("policy"), object("attributes"), object("tags")],
    inverse: Inverse::Remove("remove_certificate"),
    permission: "certificates: create",
    retry: Retry::ReadBack,
    ..VAULT
};

pub static SET_CERTIFICATE: Descriptor = Descriptor {
    name: "set_certificate",
    noun: "certificate",
    verb: Verb::Update,
    help: "Changes attributes (such as `enabled`) and tags of a version of a certificate.",
    call: Call::Vault {
        method: "PATCH",
        path: "{id}",
    },
    resource: Some("certificates"),
    arguments: &[object("attributes"), object("tags")],
    impact: high,
    loses: |_, _| Some("a version that is switched off cannot be fetched, and whatever signs in with it no longer can"),
    before: Some("get_certificate"),
    inverse: Inverse::Restore,
    permission: "certificates: update",
    ..VAULT
};

pub static REMOVE_CERTIFICATE: Descriptor = Descriptor {
    name: "remove_certificate",
    noun: "certificate",
    verb: Verb::Remove,
    help: "Removes a certificate with all its versions; whatever signs in with it no longer can.",
    call: Call::Vault {
        method: "DELETE",
        path: "{unversioned}",
    },
    resource: Some("certificates"),
    identity: Some("unversioned"),
    arguments: &[],
    impact: high,
    loses: |_, _| Some("whatever signs in with it no longer can, and a migration endpoint that uses it stops working"),
    before: Some("get_certificate"),
    inverse: Inverse::None("it is recovered from the deleted certificates of the vault"),
    permission: "certificates: delete",
    retry: Retry::ReadBack,
    ..VAULT
};

pub static NEW_VAULT_SECRET: Descriptor = Descriptor {
    name: "new_vault_secret",
    noun: "vault secret",
    verb: Verb::Create,
    help: "Puts a new secret into a key vault.",
    call: Call::Vault {
        method: "PUT",
        path: "{vault}/secrets/{name}",
    },
    identity: Some("vault"),
    arguments: &[
        text("name").required(),
        secret("value").required(),
        text("contentType"),
        object("attributes"),
        object("tags"),
    ],
    inverse: Inverse::Remove("remove_vault_secret"),
    permission: "secrets: set",
    ..VAULT
};

pub static REMOVE_VAULT_SECRET: Descriptor = Descriptor {
    name: "remove_vault_secret",
    noun: "vault secret",
    verb: Verb::Remove,
    help: "Removes a secret of a key vault with all its versions.",
    call: Call::Vault {
        method: "DELETE",
        path: "{unversioned}",
    },
    resource: Some("secrets"),
    identity: Some("unversioned"),
    arguments: &[],
    impact: high,
    loses: |_, _| Some("whatever reads it from the vault no longer can"),
    inverse: Inverse::None("it is recovered from the deleted secrets of the vault"),
    permission: "secrets: delete",
    retry: Retry::ReadBack,
    ..VAULT
};
