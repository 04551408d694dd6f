//! All operations, and the look-up by name.

use super::application;
use super::azure;
use super::certificate;
use super::endpoint;
use super::entra_user;
use super::group;
use super::mailbox;
use super::mailuser;
use super::migration_batch;
use super::migration_user;
use super::organization;
use super::permission;
use super::relationship;
use super::service_principal;
use super::user;
use super::vault;
use crate::change::Descriptor;

static ALL: &[&Descriptor] = &[
    &organization::ENABLE_ORGANIZATION_CUSTOMIZATION,
    &relationship::NEW_ORGANIZATION_RELATIONSHIP,
    &relationship::SET_ORGANIZATION_RELATIONSHIP,
    &relationship::REMOVE_ORGANIZATION_RELATIONSHIP,
    &endpoint::NEW_MIGRATION_ENDPOINT,
    &endpoint::SET_MIGRATION_ENDPOINT,
    &endpoint::REMOVE_MIGRATION_ENDPOINT,
    &mailuser::NEW_MAILUSER,
    &mailuser::SET_MAILUSER,
    &mailuser::REMOVE_MAILUSER,
    &mailbox::SET_MAILBOX,
    &user::SET_USER,
    &user::CLEAR_PREVIOUS_MAILBOX_INFO,
    &group::NEW_GROUP,
    &group::REMOVE_GROUP,
    &group::ADD_GROUP_MEMBER,
    &group::REMOVE_GROUP_MEMBER,
    &permission::ADD_MAILBOX_PERMISSION,
    &permission::REMOVE_MAILBOX_PERMISSION,
    &permission::ADD_RECIPIENT_PERMISSION,
    &permission::REMOVE_RECIPIENT_PERMISSION,
    &migration_batch::NEW_MIGRATION_BATCH,
    &migration_batch::SET_MIGRATION_BATCH,
    &migration_batch::START_MIGRATION_BATCH,
    &migration_batch::STOP_MIGRATION_BATCH,
    &migration_batch::COMPLETE_MIGRATION_BATCH,
    &migration_batch::REMOVE_MIGRATION_BATCH,
    &migration_user::SET_MIGRATION_USER,
    &migration_user::START_MIGRATION_USER,
    &migration_user::STOP_MIGRATION_USER,
    &migration_user::REMOVE_MIGRATION_USER,
    &application::NEW_APPLICATION,
    &application::SET_APPLICATION,
    &application::SET_APPLICATION_KEYS,
    &application::REMOVE_APPLICATION,
    &application::NEW_APPLICATION_PASSWORD,
    &application::REMOVE_APPLICATION_PASSWORD,
    &service_principal::NEW_SERVICE_PRINCIPAL,
    &service_principal::REMOVE_SERVICE_PRINCIPAL,
    &service_principal::NEW_APP_ROLE_ASSIGNMENT,
    &service_principal::REMOVE_APP_ROLE_ASSIGNMENT,
    &entra_user::NEW_INVITATION,
    &entra_user::NEW_ENTRA_USER,
    &entra_user::SET_ENTRA_USER,
    &entra_user::REMOVE_ENTRA_USER,
    &entra_user::SET_LICENCES,
    &azure::REGISTER_RESOURCE_PROVIDER,
    &azure::NEW_RESOURCE_GROUP,
    &azure::REMOVE_RESOURCE_GROUP,
    &vault::NEW_VAULT,
    &vault::SET_VAULT,
    &vault::REMOVE_VAULT,
    &vault::RECOVER_VAULT,
    &vault::PURGE_VAULT,
    &vault::ADD_ACCESS_POLICY,
    &vault::REMOVE_ACCESS_POLICY,
    &azure::NEW_STORAGE_ACCOUNT,
    &azure::REMOVE_STORAGE_ACCOUNT,
    &azure::NEW_DIAGNOSTIC_SETTING,
    &azure::REMOVE_DIAGNOSTIC_SETTING,
    &azure::NEW_ROLE_ASSIGNMENT,
    &azure::REMOVE_ROLE_ASSIGNMENT,
    &certificate::NEW_CERTIFICATE,
    &certificate::SET_CERTIFICATE,
    &certificate::REMOVE_CERTIFICATE,
    &certificate::NEW_VAULT_SECRET,
    &certificate::REMOVE_VAULT_SECRET,
];

/// All operations.
pub fn all() -> &'static [&'static Descriptor] {
    ALL
}

/// The operation of that name.
pub fn find(name: &str) -> Option<&'static Descriptor> {
    ALL.iter().copied().find(|descriptor| descriptor.name == name)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use serde_json::Value;
    use serde_json::json;

    use super::*;
    use crate::change::Impact;
    use crate::change::Inverse;
    use crate::change::Verb;
    use crate::model::Arguments;
    use crate::model::Record;
    use crate::tenant::reading;

    #[test]
    fn every_operation_has_its_own_name_and_says_what_it_does_and_needs() {
        let mut names = HashSet::new();
        for descriptor in all() {
            let name = descriptor.name;
            assert!(names.insert(name), "`{name}` is there twice");
            assert!(descriptor.help.ends_with('.'), "`{name}` needs a sentence of help");
            assert!(
                !descriptor.noun.is_empty() && !descriptor.permission.is_empty(),
                "`{name}` lacks noun or permission"
            );
            let arguments: HashSet<_> = descriptor.arguments.iter().map(|argument| argument.name.to_lowercase()).collect();
            assert_eq!(arguments.len(), descriptor.arguments.len(), "`{name}` has an argument twice");
            assert!(!arguments.contains(""), "`{name}` has an argument without name");
        }
    }

    #[test]
    fn what_puts_an_operation_back_exists_and_fits_or_there_is_a_reason_why_nothing_does() {
        for descriptor in all() {
            let name = descriptor.name;
            match descriptor.inverse {
                Inverse::Restore => {
                    assert!(descriptor.verb == Verb::Update && descriptor.before.is_some(), "`{name}`");
                    // The directory shows a key without its content, and takes it for another one when it comes back like that.
                    assert!(descriptor.argument("keyCredentials").is_none(), "`{name}`");
                }
                Inverse::Opposite(other) => {
                    let other = find(other).unwrap_or_else(|| panic!("`{name}` names `{other}`"));
                    assert_eq!(other.noun, descriptor.noun, "`{name}`");
                }
                Inverse::Remove(other) => {
                    let other = find(other).unwrap_or_else(|| panic!("`{name}` names `{other}`"));
                    assert!(
                        other.identity.is_some(),
                        "`{name}` is removed by `{}`, which names no object",
                        other.name
                    );
                }
                Inverse::None(reason) => assert!(!reason.is_empty(), "`{name}` needs a reason"),
            }
        }
    }

    #[test]
    fn the_image_from_before_comes_from_a_reading_of_one_object() {
        for descriptor in all() {
            let Some(before) = descriptor.before else {
                assert_ne!(
                    descriptor.verb,
                    Verb::Update,
                    "`{}` changes properties and must read them first",
                    descriptor.name
                );
                continue;
            };
            let reading = reading(before).unwrap_or_else(|| panic!("`{}` reads `{before}`", descriptor.name));
            assert!(!reading.many, "`{}`", descriptor.name);
            assert_eq!(reading.identity, descriptor.identity.is_some(), "`{}`", descriptor.name);
        }
    }

    #[test]
    fn every_part_of_a_path_is_the_identity_or_a_required_argument() {
        for descriptor in all() {
            for name in descriptor.call.places() {
                let is_known = descriptor.identity == Some(name) || descriptor.argument(name).is_some_and(|argument| argument.required);
                assert!(is_known, "`{}` has no `{name}` for its path", descriptor.name);
            }
        }
    }

    #[test]
    fn a_write_to_azure_whose_path_is_no_more_than_an_id_says_what_type_of_resource_that_must_be() {
        for descriptor in all().iter().filter(|descriptor| descriptor.call.is_azure()) {
            let mut places = descriptor.call.path().unwrap_or_default().split('/');
            let (first, adds_a_type) = (places.next(), places.any(|segment| segment == "providers" || segment == "{name}"));
            // A role or setting is put at any resource, and what is made in a vault says itself what it is.
            let is_open = matches!(first, Some("{scope}" | "{resource}" | "{vault}")) && adds_a_type;
            assert_eq!(descriptor.resource.is_none(), is_open, "`{}`", descriptor.name);
        }
    }

    #[test]
    fn the_impact_is_that_of_what_the_arguments_set_in_motion() {
        let cases = [
            ("set_application", json!({"notes": "x"}), Impact::Medium),
            ("set_application_keys", json!({"keyCredentials": []}), Impact::High),
            ("new_application", json!({"keyCredentials": []}), Impact::High),
            ("set_entra_user", json!({"accountEnabled": true}), Impact::Medium),
            ("set_entra_user", json!({"accountEnabled": false}), Impact::High),
            ("set_entra_user", json!({"password": "x"}), Impact::High),
            (
                "set_mailuser",
                json!({"Alias": "x", "RemoveDelayHoldApplied": false}),
                Impact::Medium,
            ),
            ("set_mailuser", json!({"RemoveLitigationHoldEnabled": true}), Impact::High),
            ("set_mailuser", json!({"ExcludeFromOrgHolds": ["x"]}), Impact::High),
            ("set_mailuser", json!({"RemoveOrphanedHolds": ["x"]}), Impact::High),
            ("set_mailuser", json!({"RemoveDisabledArchive": true}), Impact::Irreversible),
            ("set_mailbox", json!({"LitigationHoldEnabled": true}), Impact::Medium),
            ("set_mailbox", json!({"LitigationHoldEnabled": false}), Impact::High),
            ("set_mailbox", json!({"RemoveDelayReleaseHoldApplied": true}), Impact::High),
            ("set_mailbox", json!({"RemoveDisabledArchive": true}), Impact::Irreversible),
            ("remove_mailuser", json!({}), Impact::High),
            ("remove_mailuser", json!({"PermanentlyDelete": true}), Impact::Irreversible),
            ("add_mailbox_permission", json!({"AccessRights": "FullAccess"}), Impact::High),
            ("add_recipient_permission", json!({"AccessRights": "SendAs"}), Impact::High),
            ("start_migration_batch", json!({}), Impact::High),
            ("start_migration_user", json!({}), Impact::High),
            ("remove_vault", json!({}), Impact::High),
            ("purge_vault", json!({}), Impact::Irreversible),
            ("recover_vault", json!({}), Impact::High),
            ("remove_resource_group", json!({}), Impact::Irreversible),
            ("add_access_policy", json!({}), Impact::High),
            ("new_role_assignment", json!({}), Impact::High),
            ("add_group_member", json!({}), Impact::Medium),
        ];
        for (name, given, expected) in cases {
            let given = given.as_object().expect("an object");
            let arguments = given
                .iter()
                .fold(Arguments::new(), |all, (name, value)| all.with(name, value.clone()));
            let operation = find(name).expect("it exists");
            assert!(given.keys().all(|name| operation.argument(name).is_some()), "`{name}`");
            assert_eq!((operation.impact)(&arguments, None), expected, "`{name}` with {given:?}");
        }
    }

    #[test]
    fn what_carries_a_completion_time_is_irreversible_when_it_is_started_or_joined() {
        let timed = |time: Value| {
            json!({"Identity": "wave1", "CompleteAfter": time})
                .as_object()
                .cloned()
                .unwrap()
                .into()
        };
        let (open, timed): (Record, Record) = (timed(Value::Null), timed("2026-03-01T18:00:00.0000000+00:00".into()));
        let of = |name: &str, arguments: Arguments, image: &Record| (find(name).unwrap().impact)(&arguments, Some(image));

        for name in ["start_migration_batch", "start_migration_user"] {
            assert_eq!(of(name, Arguments::new(), &open), Impact::High, "{name}");
            assert_eq!(of(name, Arguments::new(), &timed), Impact::Irreversible, "{name}");
        }
        let joining = || Arguments::new().with("AddUsers", true);
        assert_eq!(of("set_migration_batch", joining(), &open), Impact::Medium);
        assert_eq!(of("set_migration_batch", joining(), &timed), Impact::Irreversible);
        let approving = || Arguments::new().with("ApproveSkippedItems", true);
        for name in ["set_migration_batch", "set_migration_user"] {
            assert_eq!(of(name, approving(), &open), Impact::Irreversible, "{name}");
        }
    }

    #[test]
    fn whatever_is_asked_about_says_what_is_lost() {
        let given = [json!(true), json!(false), json!("x"), json!(["x"])];
        for descriptor in all() {
            let alone = descriptor.arguments.iter().flat_map(|argument| {
                let with = move |value: &Value| Arguments::new().with(argument.name, value.clone());
                given.iter().map(with)
            });
            for arguments in alone.chain([Arguments::new()]) {
                if (descriptor.impact)(&arguments, None) < Impact::High {
                    continue;
                }
                let lost = (descriptor.loses)(&arguments, None).unwrap_or_else(|| panic!("`{}` with {arguments:?}", descriptor.name));
                assert!(!lost.ends_with('.') && !lost.starts_with(char::is_uppercase), "{lost}");
            }
        }
    }

    #[test]
    fn a_batch_that_completes_by_itself_is_irreversible_when_it_is_made() {
        let impact = |arguments: Arguments| (find("new_migration_batch").expect("it exists").impact)(&arguments, None);

        assert_eq!(impact(Arguments::new().with("AutoStart", true)), Impact::Medium);
        assert_eq!(impact(Arguments::new().with("AutoComplete", true)), Impact::Irreversible);
        assert_eq!(
            impact(Arguments::new().with("CompleteAfter", "2026-03-01T18:00:00")),
            Impact::Irreversible
        );
    }
}
