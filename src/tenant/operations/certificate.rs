//! Writes on what is in a key vault: certificates and secrets.

use super::base::VAULT;
use super::base::az;
use super::base::high;
use super::base::object;
use super::base::plain_az;
use super::base::secret;
use super::base::text;
use super::evidence::SECRET_PUT;
use super::evidence::SECRET_REMOVED;
use crate::change::Az;
use crate::change::Call;
use crate::change::Descriptor;
use crate::change::ITS_PLACE;
use crate::change::Inverse;
use crate::change::Made;
use crate::change::Part;
use crate::change::PowerShell;
use crate::change::Request;
use crate::change::Retry;
use crate::change::Verb;

const MODULE: &str = "Az.KeyVault";
const REQUEST: Request = Request {
    api_version: "7.5",
    ..Request::PLAIN
};
const POLICY: Made = Made {
    cmdlet: "New-AzKeyVaultCertificatePolicy",
    parameters: &[
        ("SubjectName", Part::Member("/policy/x509_props/subject")),
        ("IssuerName", Part::Member("/policy/issuer/name")),
        ("ValidityInMonths", Part::Member("/policy/x509_props/validity_months")),
        ("KeyType", Part::Member("/policy/key_props/kty")),
        ("KeySize", Part::Member("/policy/key_props/key_size")),
        ("SecretContentType", Part::Member("/policy/secret_props/contentType")),
        (
            "EmailAtPercentageLifetime",
            Part::Member("/policy/lifetime_actions/0/trigger/lifetime_percentage"),
        ),
    ],
};

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
    made: Some(("get_certificate_operation", ITS_PLACE)),
    inverse: Inverse::Remove("remove_certificate"),
    permission: "certificates: create",
    retry: Retry::ReadBack,
    powershell: PowerShell::Az(Az {
        unasked: &[
            ("/policy/key_props/exportable", "true"),
            ("/policy/key_props/reuse_key", "false"),
            ("/policy/lifetime_actions/0/action/action_type", "\"EmailContacts\""),
        ],
        then: Some(
            "while ((Get-AzKeyVaultCertificateOperation -VaultName $parameters.VaultName -Name $parameters.Name).Status \
             -eq 'inProgress') { Start-Sleep -Seconds 5 }",
        ),
        result: Some("Get-AzKeyVaultCertificate -VaultName $parameters.VaultName -Name $parameters.Name"),
        properties: &[
            ("x5t", "{}.Thumbprint"),
            ("cer", "[Convert]::ToBase64String({}.Certificate.RawData)"),
        ],
        otherwise: Request {
            then: Some(
                "while ((Invoke-Azure -Method GET -Target ($parameters.Target -replace '/create\\?', '/pending?')).status \
                 -eq 'inProgress') { Start-Sleep -Seconds 5 }",
            ),
            result: Some("Invoke-Azure -Method GET -Target ($parameters.Target -replace '/create\\?', '?')"),
            properties: &[("version", "{}.Id.Split('/')[-1]")],
            ..REQUEST
        },
        ..plain_az(
            "Add-AzKeyVaultCertificate",
            MODULE,
            &[
                ("VaultName", Part::Vault),
                ("Name", Part::Member("/name")),
                ("CertificatePolicy", Part::Made(POLICY)),
                ("Tag", Part::Member("/tags")),
            ],
        )
    }),
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
    powershell: PowerShell::Az(Az {
        otherwise: REQUEST,
        ..plain_az(
            "Update-AzKeyVaultCertificate",
            MODULE,
            &[
                ("VaultName", Part::Vault),
                ("Name", Part::After("certificates")),
                ("Version", Part::Version),
                ("Enable", Part::Member("/attributes/enabled")),
                ("Tag", Part::Member("/tags")),
            ],
        )
    }),
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
    powershell: az(
        "Remove-AzKeyVaultCertificate",
        MODULE,
        &[
            ("VaultName", Part::Vault),
            ("Name", Part::After("certificates")),
            ("Force", Part::On),
        ],
    ),
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
    made: Some(("find_vault_secrets", "vault")),
    evidence: Some(SECRET_PUT),
    inverse: Inverse::Remove("remove_vault_secret"),
    permission: "secrets: set",
    powershell: PowerShell::Az(Az {
        otherwise: REQUEST,
        ..plain_az(
            "Set-AzKeyVaultSecret",
            MODULE,
            &[
                ("VaultName", Part::Vault),
                ("Name", Part::Member("/name")),
                ("SecretValue", Part::Member("/value")),
                ("ContentType", Part::Member("/contentType")),
                ("Tag", Part::Member("/tags")),
            ],
        )
    }),
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
    evidence: Some(SECRET_REMOVED),
    loses: |_, _| Some("whatever reads it from the vault no longer can"),
    inverse: Inverse::None("it is recovered from the deleted secrets of the vault"),
    permission: "secrets: delete",
    retry: Retry::ReadBack,
    powershell: az(
        "Remove-AzKeyVaultSecret",
        MODULE,
        &[("VaultName", Part::Vault), ("Name", Part::After("secrets")), ("Force", Part::On)],
    ),
    ..VAULT
};
