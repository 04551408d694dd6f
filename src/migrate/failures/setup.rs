//! Set-up scripts, endpoint, relationship and verification: F-01 to F-33.

use crate::migrate::failures::Failure;
use crate::migrate::failures::Side;
use crate::migrate::failures::Then;

pub(super) const FAILURES: &[Failure] = &[
    Failure::new("F-01", Side::Setup, "no Exchange Online session")
        .says(&["Please connect to the Exchange Online Management module or Exchange Online through basic authentication before running this script!"])
        .because("Microsoft's script was started without a session")
        .mend("connect first; xtenant signs in by itself", Then::Retry),
    Failure::new("F-02", Side::Either, "the tenant is not customized (script dry run)")
        .says(&["You need to run the command Enable-OrganizationCustomization before continuing with execution of the script."])
        .because("the tenant is dehydrated: its configuration is still shared with others")
        .mend("run `Enable-OrganizationCustomization` in that tenant and wait until it is done", Then::Retry),
    Failure::new("F-03", Side::Either, "the tenant is not customized")
        .types(&["InvalidOperationInDehydratedContextException"])
        .says(&[
            "The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.",
            "the command is not available in a dehydrated organization",
        ])
        .because("the tenant is dehydrated: its configuration is still shared with others")
        .mend("run `Enable-OrganizationCustomization` in that tenant and try again; writes can fail for up to an hour afterwards", Then::Retry),
    Failure::new("F-04", Side::Either, "the tenant is customized already")
        .types(&["InvalidOperationException"])
        .says(&["This operation is not required. Organization is already enabled for customization."])
        .because("customization was enabled before")
        .mend("nothing to do", Then::Nothing),
    Failure::new("F-05", Side::Setup, "a PowerShell module is missing or too old")
        .says(&["Powershell module: [<module>] minimum version [<version>] is required for running this script. Please install this module using: Install-Module <module> -AllowClobber"])
        .because("Microsoft's script needs six modules in given versions")
        .mend("install the module; xtenant needs none", Then::Retry),
    Failure::new("F-06", Side::Setup, "the Azure subscription is not visible")
        .types(&["SubscriptionNotFound"])
        .says(&["Subscription with id <id> was not found."])
        .because("the account has no access to the subscription, or the id is wrong")
        .mend("sign in with an identity that has a role in the subscription, or give the right `--subscription-id`", Then::Retry),
    Failure::new("F-07", Side::Setup, "the Azure location is not known")
        .types(&["LocationNotAvailableForResourceType"])
        .says(&["A valid Azure location was not specified, please run Get-AzLocation to determine a valid location."])
        .because("the location is not one of Azure's, or the subscription may not use it")
        .mend("give the display name of a location, such as `West Europe`; `az account list-locations` lists them", Then::Retry),
    Failure::new("F-08", Side::Setup, "the storage account name is not allowed")
        .types(&["ValidationMetadataException", "AccountNameInvalid"])
        .says(&["Storage account names must be between 3 and 24 characters in length and may contain numbers and lowercase letters only."])
        .because("storage account names allow 3 to 24 digits and lower-case letters")
        .mend("choose another name for `--audit-storage-account`", Then::Retry),
    Failure::new("F-09", Side::Setup, "the Key Vault URL is not a certificate id")
        .types(&["ValidationMetadataException"])
        .says(&["Please make sure key vault url matches format specified here:"])
        .because("the URL must be `https://<vault>.vault.azure.net/certificates/<name>/<version>`, with the vault suffix of the cloud")
        .mend("give the full id of the certificate with its version, as `az keyvault certificate show --query id` prints it", Then::Retry),
    Failure::new("F-10", Side::Setup, "the application may not send invitations")
        .says(&["Cannot use application for sending invitation as it does not have permissions on MSGraph"])
        .because("the application lacks `User.Invite.All` on Microsoft Graph")
        .mend(
            "run `setup-target` with `--app-permissions exchange,graph`, or without `--use-app-for-invitation`: then the profile's own identity invites",
            Then::Retry,
        ),
    Failure::new("F-11", Side::Setup, "the tenant has no Microsoft Graph or Exchange service principal")
        .says(&["Tenant does not have access to MSGraph", "Tenant does not have Exchange enabled"])
        .because("the service was never provisioned in the tenant")
        .mend("provision the service: a licence that includes Exchange Online does it", Then::Retry),
    Failure::new("F-12", Side::Setup, "no token for the invitation")
        .says(&["Could not retrieve a token for invitation manager api call"])
        .because("the application has no consent in its own tenant yet")
        .mend("consent in the target tenant first, then invite", Then::Retry),
    Failure::new("F-13", Side::Setup, "the certificate was not issued in time")
        .says(&["Certificate not found after retries.", "Certificate private key not found after retries."])
        .because("Key Vault had not finished the certificate")
        .mend("run the step again: a certificate that is under way is waited for, no second one is made", Then::Retry),
    Failure::new("F-14", Side::Setup, "the tenant does not exist in this cloud")
        .types(&["AADSTS90002"])
        .says(&["Tenant '<tenant>' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud."])
        .because("the domain or id is misspelt, or belongs to another cloud")
        .mend("use the tenant's onmicrosoft.com domain and the cloud it lives in", Then::Retry),
    Failure::new("F-15", Side::Source, "the invitation leads to an error page although the application has consent")
        .types(&["AADSTS1000031"])
        .because("the redirect of the invitation fails after consent was given")
        .mend("nothing to do: consent was given, migrations work", Then::Nothing),
    Failure::new("F-16", Side::Either, "a parameter is not there")
        .types(&["ParameterBindingException", "NamedParameterNotFound"])
        .says(&[
            "A parameter cannot be found that matches parameter name 'MailboxMoveCapability'.",
            "A parameter cannot be found that matches parameter name 'RemoteTenant'.",
            "A parameter cannot be found that matches parameter name '<parameter>'.",
        ])
        .because("the signed-in identity lacks the role that brings the parameter, or the shell is an on-premises one")
        .mend("sign in to Exchange Online with Organization Management (Exchange Administrator)", Then::Retry),
    Failure::new("F-17", Side::Setup, "not exactly one Azure subscription")
        .says(&[
            "Multipule Azure subscriptions were found for this tenant. Please rerun the script and use the -SubscriptionId parameter with the correct subscription",
            "No valid Azure subscriptions were found for this tenant.",
        ])
        .because("which subscription holds the key vault cannot be told when several are visible, or none")
        .mend("give `--subscription-id`; when none is visible, sign in with an identity that has a role in it", Then::Retry),
    Failure::new("F-20", Side::Target, "the endpoint points at its own tenant")
        .says(&["ASSERT: The resource tenant and the accessing tenant cannot be equal.", "resource tenant and accessing tenant cannot be equal"])
        .because("`RemoteTenant` is the tenant the endpoint is made in, or the sign-in went to the wrong tenant")
        .mend("make the endpoint in the target tenant with the source tenant's domain as `RemoteTenant`", Then::Retry),
    Failure::new("F-21", Side::Target, "too many concurrent migrations over all endpoints")
        .types(&["MaximumConcurrentMigrationLimitExceededException"])
        .says(&["This endpoint would make the maximum concurrent migrations '<sum>', which would exceed the allowed limit of '<limit>' for endpoints of type 'ExchangeRemoteMove'."])
        .because("`MaxConcurrentMigrations` of all `ExchangeRemoteMove` endpoints together may not exceed 300")
        .mend("lower `MaxConcurrentMigrations` of this or another endpoint", Then::Retry),
    Failure::new("F-22", Side::Target, "the service finds no certificate for the endpoint in a key vault")
        .types(&["KeyVaultFailureErrorException", "KeyVaultFailureException"])
        .says(&["Error finding certificate '<name>' from azure key vault for tenant '<tenant>'."])
        .because("the endpoint has an application id but no client secret, so the service looks for a certificate in a key vault: a way that it retired at the end of 2021")
        .mend(
            "make the endpoint with credentials (application id and client secret: `setup-target`), after consent in both tenants",
            Then::Retry,
        ),
    Failure::new("F-23", Side::Source, "the application has no consent in the source tenant")
        .types(&["AADSTS700016", "AADSTS65001"])
        .because("the source administrator has not accepted the migration application, or took it back")
        .mend("have the source administrator open the consent link, then try again", Then::Retry),
    Failure::new("F-24", Side::Target, "the application's client secret or certificate is wrong or expired")
        .types(&["AADSTS7000215", "AADSTS7000222", "AADSTS700027"])
        .because("the endpoint has a secret or certificate that is not, or no longer, one of the application")
        .mend(
            "make a new client secret and set it on the endpoint (`setup-target --new-secret`); a certificate must be on the application \
             (`setup-target --auth key-vault`)",
            Then::Retry,
        ),
    Failure::new("F-25", Side::Target, "Microsoft's script could not make the endpoint")
        .says(&[
            "Failed to create migration endpoint, please adjust MaxConcurrentMigrations for existing migration endpoints then re-run setup script with -MigrationEndpointMaxConcurrentMigrations option",
            "Failed to create migration endpoint, please contact crosstenantmigrationpreview@service.microsoft.com",
        ])
        .because("the script hides the reason; most often it is the limit of concurrent migrations (F-21)")
        .mend("lower `MaxConcurrentMigrations` of the existing endpoints and look at the service's own error", Then::Retry),
    Failure::new("F-26", Side::Target, "the migration endpoint does not exist")
        .types(&["ManagementObjectNotFoundException"])
        .says(&["The migration endpoint '<name>' couldn't be found."])
        .because("no endpoint has that name")
        .mend("check the name, stray brackets too", Then::Retry),
    Failure::new("F-27", Side::Source, "a scope is not a mail-enabled security group")
        .says(&["Access scope specified '<name>' is not a security group. This scope will not be added to the organization relationship."])
        .because("only mail-enabled security groups can publish mailboxes; the service drops anything else with a mere warning")
        .mend("make a mail-enabled security group and set it as `MailboxMovePublishedScopes`", Then::Retry),
    Failure::new("F-28", Side::Either, "the application is not registered")
        .says(&["App [<id>] is not registered in [<tenant>] tenant"])
        .because("the tenant has no service principal of the application")
        .mend("give consent in that tenant", Then::Retry),
    Failure::new("F-29", Side::Either, "the application lacks Mailbox.Migration")
        .says(&[
            "App [<id>] does not have [Mailbox.Migration] permission on Exchange setup or the permission is not consented by an Administrator",
            "App [<id>] does not have [User.Invite.All] permission on MSGraph setup or the permission is not consented by an Administrator",
        ])
        .because("the permission was not requested, or no administrator consented to it")
        .mend("request `Mailbox.Migration` on Office 365 Exchange Online and consent in both tenants", Then::Retry),
    Failure::new("F-30", Side::Either, "the organization relationship is missing or wrong")
        .says(&[
            "Organization relationship does not exist with [<tenant>]",
            "MailboxMove is not enabled in Organization relationship with [<tenant>]",
            "MailboxMoveCapability is invalid in Organization relationship with [<tenant>]. It should be [<capability>] found [<found>]",
            "Mailbox Migration ApplicationId is not whitelisted in the Organization Relationship with [<tenant>]. Expected [<id>] found [<found>]",
            "Source tenant needs to specify MailboxMovePublishedScopes to allow migration",
        ])
        .because("the relationship must name the partner's tenant id, be enabled for moves and carry the direction of its side")
        .mend("run `setup-target` or `setup-source` again; they set what lacks", Then::Retry),
    Failure::new("F-31", Side::Target, "the migration endpoint is missing or wrong")
        .says(&[
            "Migration Endpoint containing [<id>] not found.",
            "RemoteTenant does not match in Migration Endpoint. Expected [<domain>] found [<found>]",
            "ApplicationId does not match in Migration Endpoint. Expected [<id>] found [<found>]",
            "AppSecretKeyVaultUrl does not match in Migration Endpoint. Expected [<url>] found [<found>]",
            "IsRemote does not match in Migration Endpoint. Expected [true] found [<found>]",
        ])
        .because("no endpoint belongs to this application and source tenant")
        .mend("run `setup-target` again", Then::Retry),
    Failure::new("F-32", Side::Target, "Exchange cannot read the Key Vault")
        .says(&[
            "KeyVault: <vault> not found",
            "Exchange does not have any permissions on the KeyVault [<vault>]",
            "Exchange does not have [<permission>] permission on KeyVault [<vault>]'s Certificate container",
            "Exchange does not have [<permission>] permission on KeyVault [<vault>]'s Secrets container",
            "application 'appid=00000002-0000-0ff1-ce00-000000000000;<caller>' does not have certificates <permission> permission on key vault '<vault>'",
            "application 'appid=00000002-0000-0ff1-ce00-000000000000;<caller>' does not have secrets <permission> permission on key vault '<vault>'",
            "Caller is not authorized to perform action on resource.<hint>Caller: appid=00000002-0000-0ff1-ce00-000000000000;",
        ])
        .because("the classic flow needs get and list on certificates and secrets for Exchange's service principal of the target")
        .mend(
            "give Exchange get and list on both (`setup-target --auth key-vault`); where the service no longer reads key vaults, move to an endpoint with a client secret",
            Then::Resume,
        ),
    Failure::new("F-33", Side::Either, "Microsoft's organization check found a gap")
        .says(&[
            "No AAD application for EXO has been found",
            "Expected Migration endpoint not found",
            "No AAD Application matching SOURCE AppId has been found on TARGET tenant",
            "No Organization relationship on TARGET tenant pointing to SourceTenantId has been found",
            "Organization relationship on SOURCE tenant DomainNames is not pointing to TargetTenantId",
            "does not have a Mail-Enabled security group defined under the MailboxMovePublishedScopes property",
        ])
        .because("a part of the set-up is missing")
        .mend("run `verify-setup`, which says what lacks on which side", Then::Retry),
];
