//! Users as Exchange sees them: Entra users with or without a recipient.

use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::sandbox::Object;
use crate::sandbox::Tx;
use crate::sandbox::directory;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter::Multi;
use crate::sandbox::exchange::Parameter::Switch;
use crate::sandbox::exchange::Parameter::Text;
use crate::sandbox::exchange::Refusal;
use crate::sandbox::exchange::lookup;
use crate::sandbox::exchange::recipient;
use crate::sandbox::exchange::refusal;
use crate::sandbox::exchange::render;
use crate::sandbox::exchange::table::LISTING;
use crate::sandbox::exchange::table::joined;

/// The cmdlets of users.
pub const CMDLETS: &[Cmdlet] = &[
    Cmdlet {
        name: "Get-User",
        parameters: &joined::<{ LISTING.len() + 2 }>(&[LISTING, &[("RecipientTypeDetails", Multi), ("PublicFolder", Switch)]]),
        mandatory: &[],
        role: "View",
        run: get,
    },
    Cmdlet {
        name: "Set-User",
        parameters: &[
            ("Identity", Text),
            ("PermanentlyClearPreviousMailboxInfo", Switch),
            ("FirstName", Text),
            ("LastName", Text),
            ("Initials", Text),
            ("DisplayName", Text),
            ("Department", Text),
            ("Title", Text),
            ("Company", Text),
            ("Office", Text),
            ("Phone", Text),
            ("MobilePhone", Text),
            ("City", Text),
            ("StateOrProvince", Text),
            ("PostalCode", Text),
            ("StreetAddress", Text),
            ("CountryOrRegion", Text),
            ("Manager", Text),
        ],
        mandatory: &["Identity"],
        role: "Mail Recipients",
        run: set,
    },
];

/// Exchange's name and Graph's name of the same property.
const SHARED: &[(&str, &str)] = &[
    ("FirstName", "givenName"),
    ("LastName", "surname"),
    ("Department", "department"),
    ("Title", "jobTitle"),
    ("Company", "companyName"),
    ("Office", "officeLocation"),
    ("MobilePhone", "mobilePhone"),
    ("City", "city"),
    ("StateOrProvince", "state"),
    ("PostalCode", "postalCode"),
    ("StreetAddress", "streetAddress"),
    ("CountryOrRegion", "country"),
];

fn get(call: &Call<'_>) -> Answer {
    let mut users = directory::users(call.tx, call.tenant);
    if let Some(identity) = call.text("Identity") {
        let user = find(call, identity)?;
        users = vec![user];
    }
    let wanted = call.list("RecipientTypeDetails");
    let anr = call.text("Anr").map(str::to_lowercase);
    users.retain(|user| {
        let shown = render_user(call.tx, user);
        let text = |property: &str| shown[property].as_str().unwrap_or_default().to_owned();
        let is_kind = |each: &String| {
            each.split(',')
                .any(|each| each.trim().eq_ignore_ascii_case(&text("RecipientTypeDetails")))
        };
        let has_name = |anr: &String| {
            let names = ["Name", "DisplayName", "FirstName", "LastName", "UserPrincipalName"];
            names.iter().any(|property| text(property).to_lowercase().starts_with(anr))
        };
        (wanted.is_empty() || wanted.iter().any(is_kind)) && anr.as_ref().is_none_or(has_name)
    });
    lookup::listed(call, &users, render_user)
}

/// The Entra user behind the identity: of a recipient in any form, or a plain user by id or sign-in name.
fn find(call: &Call<'_>, identity: &str) -> Result<Object, Refusal> {
    let mut found = recipient::resolve(call.tx, call.tenant, identity)?;
    found.retain(|row| !row.text("ExternalDirectoryObjectId").is_empty() && !recipient::is_group(row));
    if found.len() > 1 {
        return Err(refusal::ambiguous(identity));
    }
    let id = found.first().map_or(identity, |row| row.text("ExternalDirectoryObjectId"));
    directory::user(call.tx, call.tenant, id).ok_or_else(|| Refusal::not_found(identity))
}

/// An Entra user as `Get-User` shows it.
fn render_user(tx: &Tx<'_>, user: &Object) -> Map<String, Value> {
    let id = user.text("id");
    let recipient = tx.sound(recipient::by_directory_id(tx, &user.tenant, id));
    let is_enabled = user.body.get("accountEnabled") != Some(&Value::Bool(false));
    let details = match &recipient {
        Some(row) => row.text("RecipientTypeDetails"),
        None if user.text("userType") == "Guest" => "GuestUser",
        None if is_enabled => "User",
        None => "DisabledUser",
    };
    let previous = match &recipient {
        Some(row) => row.text("PreviousRecipientTypeDetails"),
        None => user.text("_PreviousRecipientTypeDetails"),
    };
    let name = recipient.as_ref().map_or(id, |row| row.text("Name"));
    let plain_type = match recipient {
        Some(_) => render::recipient_type(details),
        None => "User",
    };
    let phones = user.list("businessPhones");
    let mail = recipient.as_ref().map_or(user.text("mail"), |row| row.text("PrimarySmtpAddress"));
    let mut shown = Map::new();
    shown.insert("_Key".into(), json!(user.id));
    for (ours, graphs) in SHARED {
        let held = match (user.text(graphs), &recipient) {
            ("", Some(row)) => row.text(ours),
            (held, _) => held,
        };
        shown.insert((*ours).into(), json!(held));
    }
    let more = json!({
        "Phone": phones.first().map_or("", String::as_str),
        "Initials": recipient.as_ref().map_or("", |row| row.text("Initials")),
        "Manager": recipient.as_ref().map_or("", |row| row.text("Manager")),
        "DisplayName": user.text("displayName"),
        "UserPrincipalName": user.text("userPrincipalName"),
        "WindowsLiveID": user.text("userPrincipalName"),
        "WindowsEmailAddress": mail,
        "AccountDisabled": !is_enabled,
        "IsDirSynced": recipient.as_ref().is_some_and(|row| row.flag("IsDirSynced")) || user.flag("onPremisesSyncEnabled"),
        "ExternalDirectoryObjectId": id,
        "RecipientType": plain_type,
        "RecipientTypeDetails": details,
        "PreviousRecipientTypeDetails": if previous.is_empty() { "None" } else { previous },
        "Guid": recipient.as_ref().map_or(id, |row| row.text("Guid")),
        "Name": name,
        "Identity": name,
        "Id": name,
        "WhenCreated": user.text("createdDateTime"),
        "IsValid": true,
    });
    if let Value::Object(more) = more {
        shown.extend(more);
    }
    shown
}

fn set(call: &Call<'_>) -> Answer {
    let identity = call.text("Identity").ok_or_else(|| refusal::missing("Identity"))?;
    let before = find(call, identity)?;
    let recipient = recipient::by_directory_id(call.tx, call.tenant, before.text("id"))?;
    if call.is_on("PermanentlyClearPreviousMailboxInfo") {
        return clear_previous_mailbox(call, before, recipient);
    }
    if recipient.as_ref().is_some_and(|row| row.flag("IsDirSynced")) {
        return Err(refusal::synchronised(identity));
    }
    let mut user = before.clone();
    for (ours, graphs) in SHARED {
        if let Some(given) = call.get(ours) {
            user.set(graphs, given.clone());
        }
    }
    if let Some(given) = call.get("Phone") {
        user.set("businessPhones", given.as_str().map_or(json!([]), |phone| json!([phone])));
    }
    if let Some(given) = call.text("DisplayName") {
        user.set("displayName", given);
    }
    if user.body != before.body {
        directory::store_user(call.tx, &user)?;
    }
    let mut is_changed = user.body != before.body;
    if let Some(row) = recipient {
        let mut after = row.clone();
        lookup::assign(call, &mut after, &["FirstName", "LastName", "Initials", "DisplayName", "Manager"]);
        if after.body != row.body {
            recipient::store(call.tx, &after)?;
            is_changed = true;
        }
    }
    match is_changed {
        true => Ok(Output::default()),
        false => Ok(lookup::unmodified(identity)),
    }
}

/// Wipes what an account remembers of a former mailbox, and the soft-deleted mailbox with it. There is no way back.
fn clear_previous_mailbox(call: &Call<'_>, mut user: Object, recipient: Option<Object>) -> Answer {
    if let Some(mut row) = recipient {
        if recipient::is_mailbox(&row) {
            return Err(refusal::task(format!(
                "The previous mailbox information of \"{}\" can't be cleared because it has a mailbox.",
                row.text("Name")
            )));
        }
        for property in ["PreviousRecipientTypeDetails", "ExchangeGuid", "ArchiveGuid", "DisabledArchiveGuid"] {
            row.body.shift_remove(property);
        }
        recipient::store(call.tx, &row)?;
    }
    for remains in call.tx.find(call.tenant, "directory-id", user.text("id"))? {
        if remains.kind == recipient::KIND && recipient::is_soft_deleted(&remains) {
            call.tx.delete(&remains.id)?;
        }
    }
    user.body.shift_remove("_PreviousRecipientTypeDetails");
    directory::store_user(call.tx, &user)?;
    Ok(Output::default())
}
