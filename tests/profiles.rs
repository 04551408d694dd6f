//! `xtenant profiles`, and settings that cannot be used.

use crate::common::Site;

#[test]
fn the_two_sandbox_tenants_are_there_before_anything_is_configured() {
    let site = Site::empty();

    let ran = site.beginner().runs(&["profiles"]);

    ran.succeeds().prints("contoso").prints("northwind").says("these are built in");
}

#[test]
fn a_mistake_in_the_settings_is_shown_at_its_place_before_anything_happens() {
    let site = Site::empty();
    let person = site.beginner();
    person.configure("[profiles.contoso]\ndomain = \"contoso.com\"\nclient_secret = \"hunter2\"\n");

    let ran = person.runs(&["profiles"]);

    ran.ends_with(2)
        .says("config.toml:3:1: unknown field `client_secret`")
        .never_mentions("hunter2");
}

#[test]
fn a_profile_shows_where_its_secret_is_and_warns_when_others_may_read_it() {
    let site = Site::empty();
    let person = site.beginner();
    person.configure("[profiles.fabrikam]\ndomain = \"fabrikam.com\"\nclient_id = \"1\"\nsecret_file = \"../work/secret.txt\"\n");
    person.write("secret.txt", "hunter2\n");

    let ran = person.runs(&["profiles"]);

    ran.succeeds().prints("client secret in").never_mentions("hunter2");
    if cfg!(unix) {
        ran.says("others on this computer may read");
    }
}
