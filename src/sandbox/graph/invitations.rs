//! Invitations: they make a guest in the inviting tenant.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

use super::call::Answer;
use super::call::Call;
use super::fault::Fault;
use super::properties::Type;
use crate::sandbox::Object;
use crate::sandbox::Reply;
use crate::sandbox::directory;
use crate::sandbox::exchange::recipient;
use crate::sandbox::form;
use crate::sandbox::invitation;

const INVITATION: Type = Type {
    name: "invitation",
    properties: "id inviteRedeemUrl invitedUser invitedUserDisplayName invitedUserEmailAddress invitedUserMessageInfo invitedUserType \
        inviteRedirectUrl resetRedemption sendInvitationMessage status",
    by_default: None,
};
const WRITABLE: &str = "invitedUserDisplayName invitedUserEmailAddress invitedUserMessageInfo invitedUserType inviteRedirectUrl \
    resetRedemption sendInvitationMessage";

/// `POST /invitations`
pub fn create(call: &Call<'_>) -> Answer {
    call.check_properties(&INVITATION, WRITABLE)?;
    let address = call.needed("invitedUserEmailAddress")?;
    let redirect = call.needed("inviteRedirectUrl")?;
    let guest = match known_guest(call, address) {
        Some(guest) => guest,
        None => new_guest(call, address)?,
    };
    let id = Uuid::new_v4().to_string();
    let tenant_id = directory::tenant_id(call.tx, call.tenant());
    let kept = invitation::add(call.tx, &id, &guest, address, redirect)?;
    let ticket = kept.text("ticket");
    let redeem = format!("https://invitations.microsoft.com/redeem/?tenant={tenant_id}&user={id}&ticket={ticket}&ver=2.0");
    let redeem = format!("https://login.microsoftonline.com/redeem?rd={}", form::encode(&redeem));
    let message = call.body.get("invitedUserMessageInfo").cloned().unwrap_or_else(|| json!({}));
    let is_sent = call.body.get("sendInvitationMessage").and_then(Value::as_bool).unwrap_or_default();
    if is_sent {
        let text = message["customizedMessageBody"].as_str().unwrap_or_default();
        invitation::send(call.tx, &kept, &redeem, text)?;
    }
    let body = json!({
        "@odata.context": call.context("invitations/$entity"),
        "id": id,
        "inviteRedeemUrl": redeem,
        "invitedUserDisplayName": call.text("invitedUserDisplayName"),
        "invitedUserType": "Guest",
        "invitedUserEmailAddress": address,
        "sendInvitationMessage": is_sent,
        "resetRedemption": false,
        "inviteRedirectUrl": redirect,
        "status": "PendingAcceptance",
        "invitedUserMessageInfo": {
            "messageLanguage": message["messageLanguage"],
            "customizedMessageBody": message["customizedMessageBody"],
            "ccRecipients": [{"emailAddress": {"name": null, "address": null}}],
        },
        "invitedUser": {"id": guest.text("id")},
    });
    Ok(Reply::json(201, &body))
}

fn known_guest(call: &Call<'_>, address: &str) -> Option<Object> {
    directory::user(call.tx, call.tenant(), &guest_name(call, address))
}

fn guest_name(call: &Call<'_>, address: &str) -> String {
    format!(
        "{}#EXT#@{}",
        address.replace('@', "_"),
        directory::initial_domain(call.tx, call.tenant())
    )
}

fn new_guest(call: &Call<'_>, address: &str) -> Result<Object, Fault> {
    let (local, domain) = address.split_once('@').unwrap_or_default();
    let is_odd = |part: char| part.is_whitespace() || "+=&#/|*?<>".contains(part);
    if local.is_empty() || !domain.contains('.') || address.contains(is_odd) {
        return Err(Fault::bad_request("The invited user email address is not valid."));
    }
    if directory::accepted_domains(call.tx, call.tenant())
        .iter()
        .any(|known| known.eq_ignore_ascii_case(domain))
    {
        let message = "The user you are trying to invite is in a verified domain of this directory and cannot be invited.";
        return Err(Fault::bad_request(message));
    }
    let name = call.text("invitedUserDisplayName").unwrap_or(local);
    let now = call.tx.now().to_string();
    let mut guest = Object::new(call.tenant(), "user", Map::new());
    let id = Uuid::new_v4().to_string();
    guest.set("id", id.as_str());
    guest.set("accountEnabled", true);
    guest.set("createdDateTime", now.as_str());
    guest.set("creationType", "Invitation");
    guest.set("displayName", name);
    guest.set("mail", address);
    guest.set("mailNickname", format!("{}#EXT#", address.replace('@', "_")));
    guest.set("userPrincipalName", guest_name(call, address));
    guest.set("userType", "Guest");
    guest.set("externalUserState", "PendingAcceptance");
    guest.set("externalUserStateChangeDateTime", now.as_str());
    guest.set("assignedLicenses", json!([]));
    directory::store_user(call.tx, &guest)?;
    // Exchange knows a guest as a mail user of its own type, hidden from address lists.
    let alias = address.replace('@', "_");
    let mut mail_user = recipient::new(call.tx, call.tenant(), "GuestMailUser", name, &alias);
    mail_user.set("ExternalDirectoryObjectId", id.as_str());
    mail_user.set("UserPrincipalName", guest.text("userPrincipalName"));
    mail_user.set("ExternalEmailAddress", format!("SMTP:{address}"));
    mail_user.set("EmailAddresses", json!([format!("SMTP:{address}")]));
    mail_user.set("HiddenFromAddressListsEnabled", true);
    recipient::store(call.tx, &mail_user)?;
    Ok(guest)
}
