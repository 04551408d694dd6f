//! The set-up is killed after one change or another: the next run finds what there is and goes on from there.

use serde_json::json;

use super::desk::CERTIFICATE;
use super::desk::Desk;
use super::desk::VAULT;
use crate::common::CLASSIC;

/// How many there are of everything that the set-up makes, in statements of Northwind's administrator.
fn counts() -> String {
    format!(
        "let subscription = tenant.find_subscriptions().first();\n\
         let app = tenant.find_applications(\"displayName eq 'northwindtraders_contoso'\").to_array();\n\
         [tenant.find_resource_groups(subscription).count(), tenant.find_vaults(subscription).count(), \
         tenant.find_storage_accounts(subscription).count(), tenant.find_diagnostic_settings({VAULT}).count(), \
         {VAULT}.properties.accessPolicies.len(), tenant.find_certificate_versions({CERTIFICATE}.id).count(), \
         app.len(), app[0].keyCredentials.len(), tenant.find_organization_relationships().count(), \
         tenant.find_migration_endpoints(#{{ Type: \"ExchangeRemoteMove\" }}).count()]"
    )
}

#[test]
fn a_set_up_that_was_killed_anywhere_is_gone_on_with() {
    let line = CLASSIC.replace("'West Europe'", "westeurope");
    let words: Vec<_> = line.split_whitespace().collect();
    // What is said right after a change; the kill comes in the middle of the next one, or of the one after that.
    for sign in ["created vault", "given an access policy", "created application"] {
        let desk = Desk::fresh();

        desk.nils.is_killed_at(&words, sign);
        let rest = desk.nils.types(CLASSIC);

        rest.succeeds()
            .says("unchanged vault `nwt-xtmove-kv`")
            .says("created migration endpoint `northwindtraders_contoso`");
        assert_eq!(desk.nils.sees(&counts()), json!([1, 1, 1, 1, 2, 1, 1, 1, 1, 1]), "{rest:?}");
    }
}
