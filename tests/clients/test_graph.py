"""msgraph-sdk: the directory's half of the setup, and what a migration needs to know of people."""

import asyncio
import datetime
import uuid

import azure.identity
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.applications.applications_request_builder import ApplicationsRequestBuilder
from msgraph.generated.applications.item.add_password.add_password_post_request_body import AddPasswordPostRequestBody
from msgraph.generated.groups.groups_request_builder import GroupsRequestBuilder
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.application import Application
from msgraph.generated.models.assigned_license import AssignedLicense
from msgraph.generated.models.invitation import Invitation
from msgraph.generated.models.invited_user_message_info import InvitedUserMessageInfo
from msgraph.generated.models.key_credential import KeyCredential
from msgraph.generated.models.o_auth2_permission_grant import OAuth2PermissionGrant
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.required_resource_access import RequiredResourceAccess
from msgraph.generated.models.resource_access import ResourceAccess
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.models.user import User
from msgraph.generated.models.web_application import WebApplication
from msgraph.generated.service_principals.service_principals_request_builder import ServicePrincipalsRequestBuilder
from msgraph.generated.users.item.assign_license.assign_license_post_request_body import AssignLicensePostRequestBody
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder

from site_under_test import Certificate
from site_under_test import EXCHANGE_APP
from site_under_test import GRAPH
from site_under_test import GRAPH_APP
from site_under_test import MAILBOX_MIGRATION
from site_under_test import USER_INVITE_ALL
from site_under_test import claims
from site_under_test import unique


def client_of(tenant):
    credential = azure.identity.ClientSecretCredential(tenant.tenant_id, tenant.client_id, tenant.client_secret)
    return GraphServiceClient(credential, [f"{GRAPH}/.default"])


def run(tenant, work):
    """Runs what is to be done with a client of the tenant's administrator."""
    return asyncio.run(work(client_of(tenant)))


def query(builder, **options):
    """The options of a request as the library wants them."""
    kind = next(value for name, value in vars(builder).items() if name.endswith("QueryParameters"))
    return RequestConfiguration(query_parameters=kind(**options))


async def resource(client, app_id):
    """Microsoft's service principal of that application."""
    wanted = query(ServicePrincipalsRequestBuilder, filter=f"appId eq '{app_id}'")
    [found] = (await client.service_principals.get(wanted)).value
    return found


async def application_of(client, **more):
    """An application of the kind that the setup makes."""
    return await client.applications.post(
        Application(
            display_name=unique("northwindtraders_Friends_contoso"),
            sign_in_audience="AzureADMultipleOrgs",
            web=WebApplication(home_page_url="https://office.com", redirect_uris=["https://office.com"]),
            required_resource_access=[
                access(EXCHANGE_APP, MAILBOX_MIGRATION),
                access(GRAPH_APP, USER_INVITE_ALL),
            ],
            **more,
        )
    )


def access(app_id, role):
    wanted = ResourceAccess(id=uuid.UUID(role), type="Role")
    return RequiredResourceAccess(resource_app_id=app_id, resource_access=[wanted])


def test_the_organization_and_its_domains(northwind):
    async def work(client):
        return (await client.organization.get()).value, (await client.domains.get()).value

    [organization], domains = run(northwind, work)

    assert organization.id == northwind.tenant_id
    assert [domain.id for domain in domains if domain.is_initial] == [northwind.domain]
    assert northwind.domain in [domain.name for domain in organization.verified_domains]


def test_a_partner_is_known_by_its_domain(northwind, contoso):
    async def work(client):
        tenants = client.tenant_relationships
        return await tenants.find_tenant_information_by_domain_name_with_domain_name(contoso.domain).get()

    assert run(northwind, work).tenant_id == contoso.tenant_id


def test_an_application_keeps_what_it_was_made_with(northwind):
    certificate = Certificate.new("strangers-graph")
    end = certificate.certificate.not_valid_after_utc - datetime.timedelta(days=2)
    key = KeyCredential(
        type="AsymmetricX509Cert",
        usage="Verify",
        key=certificate.der,
        display_name="CN=strangers-graph",
        start_date_time=certificate.certificate.not_valid_before_utc,
        end_date_time=end,
    )

    async def work(client):
        made = await application_of(client, key_credentials=[key])
        wanted = query(ApplicationsRequestBuilder, filter=f"appId eq '{made.app_id}'")
        found = (await client.applications.get(wanted)).value
        by_key = await client.applications_with_app_id(made.app_id).get()
        return made, found, by_key

    made, [found], by_key = run(northwind, work)

    assert by_key.id == found.id == made.id
    assert found.sign_in_audience == "AzureADMultipleOrgs"
    assert found.web.redirect_uris == ["https://office.com"]
    assert {str(entry.resource_access[0].id) for entry in found.required_resource_access} == {
        MAILBOX_MIGRATION,
        USER_INVITE_ALL,
    }
    [kept] = found.key_credentials
    assert kept.custom_key_identifier.hex() or kept.key_id
    assert kept.end_date_time == end


def test_an_application_is_changed_and_deleted(northwind):
    async def work(client):
        made = await application_of(client)
        await client.applications.by_application_id(made.id).patch(Application(is_fallback_public_client=True))
        changed = await client.applications.by_application_id(made.id).get()
        await client.applications.by_application_id(made.id).delete()
        with pytest.raises(ODataError) as missing:
            await client.applications.by_application_id(made.id).get()
        return changed, missing.value

    changed, missing = run(northwind, work)

    assert changed.is_fallback_public_client
    assert missing.response_status_code == 404
    assert missing.error.code == "Request_ResourceNotFound"


def test_a_password_is_shown_once_and_signs_in(northwind):
    async def work(client):
        made = await application_of(client)
        await client.service_principals.post(ServicePrincipal(app_id=made.app_id))
        body = AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="contoso move"))
        added = await client.applications.by_application_id(made.id).add_password.post(body)
        read = await client.applications.by_application_id(made.id).get()
        return made, added, read

    made, added, read = run(northwind, work)

    [kept] = read.password_credentials
    assert kept.key_id == added.key_id
    assert kept.secret_text is None
    assert added.secret_text.startswith(kept.hint)
    credential = azure.identity.ClientSecretCredential(northwind.tenant_id, made.app_id, added.secret_text)
    assert claims(credential.get_token(f"{GRAPH}/.default").token)["appid"] == made.app_id


def test_the_partner_installs_the_application_and_grants_its_role(northwind, contoso):
    """The half of consent that needs no browser, in the tenant of the partner."""
    made = run(northwind, application_of)

    async def work(client):
        principal = await client.service_principals.post(ServicePrincipal(app_id=made.app_id))
        exchange = await resource(client, EXCHANGE_APP)
        roles = {role.value: role.id for role in exchange.app_roles}
        grant = AppRoleAssignment(
            principal_id=uuid.UUID(principal.id),
            resource_id=uuid.UUID(exchange.id),
            app_role_id=roles["Mailbox.Migration"],
        )
        given = await client.service_principals.by_service_principal_id(exchange.id).app_role_assigned_to.post(grant)
        held = await client.service_principals.by_service_principal_id(principal.id).app_role_assignments.get()
        with pytest.raises(ODataError) as twice:
            await client.service_principals.by_service_principal_id(exchange.id).app_role_assigned_to.post(grant)
        return principal, given, held.value, twice.value

    principal, given, held, twice = run(contoso, work)

    assert str(principal.app_owner_organization_id) == northwind.tenant_id
    assert [(entry.id, str(entry.app_role_id)) for entry in held] == [(given.id, MAILBOX_MIGRATION)]
    assert held[0].resource_display_name == "Office 365 Exchange Online"
    assert twice.response_status_code == 400


def test_a_delegated_permission_is_granted_and_revoked(northwind):
    async def work(client):
        made = await application_of(client)
        principal = await client.service_principals.post(ServicePrincipal(app_id=made.app_id))
        graph = await resource(client, GRAPH_APP)
        grant = OAuth2PermissionGrant(
            client_id=principal.id, consent_type="AllPrincipals", resource_id=graph.id, scope="User.Read"
        )
        given = await client.oauth2_permission_grants.post(grant)
        principals = client.service_principals.by_service_principal_id(principal.id)
        held = (await principals.oauth2_permission_grants.get()).value
        await client.oauth2_permission_grants.by_o_auth2_permission_grant_id(given.id).delete()
        return given, held, (await principals.oauth2_permission_grants.get()).value

    given, held, after = run(northwind, work)

    assert [(entry.id, entry.scope) for entry in held] == [(given.id, "User.Read")]
    assert after == []


def test_an_administrator_of_the_partner_is_invited(northwind, contoso):
    wish = Invitation(
        invited_user_email_address=contoso.admin_user,
        invite_redirect_url="https://office.com",
        send_invitation_message=True,
        invited_user_message_info=InvitedUserMessageInfo(customized_message_body="Please consent."),
    )

    async def work(client):
        made = await client.invitations.post(wish)
        return made, await client.users.by_user_id(made.invited_user.id).get(
            query(UserItemRequestBuilder, select=["id", "userType", "userPrincipalName", "externalUserState"])
        )

    made, guest = run(northwind, work)

    assert made.status in ("PendingAcceptance", "Completed")
    assert made.invite_redeem_url.startswith("https://login.microsoftonline.com/redeem?")
    assert guest.user_type == "Guest"
    assert "#EXT#@" in guest.user_principal_name


def test_a_user_is_made_licensed_and_deleted(northwind):
    name = unique("stranger")
    upn = f"{name}@{northwind.domain}"
    wish = User(
        account_enabled=True,
        display_name="A Stranger",
        mail_nickname=name,
        user_principal_name=upn,
        password_profile=PasswordProfile(password=f"Xy1!{uuid.uuid4()}", force_change_password_next_sign_in=True),
    )

    async def work(client):
        made = await client.users.post(wish)
        with pytest.raises(ODataError) as twice:
            await client.users.post(wish)
        with pytest.raises(ODataError) as nowhere:
            await license_of(client, made.id)
        await client.users.by_user_id(made.id).patch(User(usage_location="DE"))
        await license_of(client, made.id)
        read = await client.users.by_user_id(upn).get(
            query(UserItemRequestBuilder, select=["id", "usageLocation", "assignedLicenses", "userPrincipalName"])
        )
        details = (await client.users.by_user_id(made.id).license_details.get()).value
        listed = (await client.users.get(query(UsersRequestBuilder, filter=f"userPrincipalName eq '{upn}'"))).value
        await client.users.by_user_id(made.id).delete()
        return made, read, details, listed, twice.value, nowhere.value

    made, read, details, listed, twice, nowhere = run(northwind, work)

    assert read.id == made.id
    assert [user.id for user in listed] == [made.id]
    assert read.usage_location == "DE"
    assert [entry.sku_id for entry in details] == [entry.sku_id for entry in read.assigned_licenses]
    assert twice.response_status_code == 400
    assert twice.error.code == "Request_BadRequest"
    assert nowhere.response_status_code == 400, "a licence needs a usage location"


async def license_of(client, user_id):
    skus = (await client.subscribed_skus.get()).value
    add = AssignedLicense(sku_id=next(sku.sku_id for sku in skus if sku.applies_to == "User"), disabled_plans=[])
    body = AssignLicensePostRequestBody(add_licenses=[add], remove_licenses=[])
    return await client.users.by_user_id(user_id).assign_license.post(body)


def test_the_scope_group_shows_its_members_direct_and_nested(contoso):
    async def work(client):
        found = (await client.groups.get(query(GroupsRequestBuilder, filter="displayName eq 'Kermit Scope'"))).value
        members = client.groups.by_group_id(found[0].id)
        return found, (await members.members.get()).value, (await members.transitive_members.get()).value

    [group], direct, nested = run(contoso, work)

    assert group.mail_enabled and group.security_enabled
    assert {member.odata_type for member in direct} >= {"#microsoft.graph.user", "#microsoft.graph.group"}
    assert len(nested) > len(direct)
    assert "Lara Newton" in [member.display_name for member in direct]


def test_people_come_in_pages_that_the_library_follows(contoso):
    async def work(client):
        page = await client.users.get(query(UsersRequestBuilder, top=10, select=["id", "userPrincipalName"]))
        sizes, ids = [], []
        while page:
            sizes.append(len(page.value))
            ids += [user.id for user in page.value]
            page = await client.users.with_url(page.odata_next_link).get() if page.odata_next_link else None
        return sizes, ids

    sizes, ids = run(contoso, work)

    assert sizes[0] == 10 and len(sizes) > 5
    assert len(set(ids)) == len(ids) >= 60
