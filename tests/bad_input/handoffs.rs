//! Hand-off files that were altered, made for somebody else, or are none.

use super::desk::Desk;

const CONTOSO: &str = "0c0c0c0c-1111-4111-8111-c0ffee000001";
const NORTHWIND: &str = "0d0d0d0d-2222-4222-8222-c0ffee000002";
const FABRIKAM: &str = "0f0f0f0f-3333-4333-8333-c0ffee000003";
const OPEN_SOURCE: &str = "run setup-source --source contoso --scope-group 'Kermit Scope' --handoff";
const FINISH_TARGET: &str = "run setup-target --target northwind --continue";

/// A desk on which a hand-off of this kind lies in both folders as `letter.json`, sealed as the program seals them.
fn with_letter(kind: &str, from: &str, to: &str) -> Desk {
    let desk = Desk::new();
    let seal = format!(
        "write_json(\"letter.json\", seal_handoff(#{{ kind: \"{kind}\", from: #{{ tenant_id: \"{from}\", domain: \"contoso.com\" }}, \
         to: #{{ tenant_id: \"{to}\", domain: \"northwind.com\" }}, application_id: \"5e5e5e5e-1111-4111-8111-000000000001\" }}));"
    );
    desk.contoso.write("seal.rhai", seal);
    desk.contoso.types("run seal.rhai").succeeds();
    desk.contoso.sends("letter.json", &desk.northwind);
    desk
}

#[test]
fn a_hand_off_for_another_tenant_is_refused() {
    let desk = with_letter("to-source", NORTHWIND, FABRIKAM);

    desk.refuses(
        &format!("{OPEN_SOURCE} letter.json"),
        1,
        &[
            "letter.json: the hand-off was made for tenant",
            FABRIKAM,
            "not for",
            CONTOSO,
            "remedy: sign in to the tenant it was made for",
        ],
    );
    desk.refuses(
        "run verify-setup --source contoso --partner letter.json",
        1,
        &["was made for tenant"],
    );
    desk.refuses(
        &format!("{FINISH_TARGET} letter.json"),
        1,
        &["letter.json: the hand-off was made by this tenant"],
    );
}

#[test]
fn a_hand_off_that_was_altered_is_refused() {
    let desk = with_letter("to-source", NORTHWIND, CONTOSO);
    let altered = desk.contoso.read("letter.json").replace("5e5e5e5e", "66666666");
    desk.contoso.write("letter.json", altered);

    desk.refuses(
        &format!("{OPEN_SOURCE} letter.json"),
        1,
        &[
            "letter.json: the hand-off was altered",
            "remedy: ask the partner for the file again",
        ],
    );
}

#[test]
fn the_id_in_a_hand_off_is_never_the_readers_own() {
    let desk = with_letter("to-source", NORTHWIND, CONTOSO);
    desk.contoso.write(
        "both.rhai",
        format!("seal_handoff(#{{ from: #{{ tenant_id: \"{CONTOSO}\" }}, to: #{{ tenant_id: \"{CONTOSO}\" }} }});"),
    );

    desk.refuses("run both.rhai --source contoso", 2, &["unexpected argument"]);
    desk.contoso.types("run both.rhai").ends_with(1).says("are the same tenant (F-20)");
    desk.refuses(
        &format!("{OPEN_SOURCE} letter.json --target-tenant-id {CONTOSO}"),
        1,
        &["is the source tenant itself (F-20)"],
    );
    let desk = with_letter("to-target", CONTOSO, NORTHWIND);
    desk.refuses(
        &format!("{FINISH_TARGET} letter.json --source-tenant-id {NORTHWIND}"),
        1,
        &["is the target tenant itself (F-20)"],
    );
    desk.refuses(
        &format!("{FINISH_TARGET} letter.json --source-domain northwind.com"),
        1,
        &["northwind.com is not a domain of tenant", CONTOSO],
    );
}

#[test]
fn a_hand_off_for_the_other_script_is_refused() {
    let desk = with_letter("to-source", CONTOSO, NORTHWIND);

    desk.refuses(
        &format!("{FINISH_TARGET} letter.json"),
        1,
        &[
            "letter.json is a hand-off \"to-source\"",
            "takes one \"to-target\"",
            "remedy: take the file that the partner's setup-source wrote",
        ],
    );
}

#[test]
fn a_file_that_is_no_hand_off_is_refused() {
    let desk = Desk::new();
    for (content, says) in [
        ("", "letter.json:1:"),
        ("{\"format\": \n  what}", "letter.json:2:3: not JSON"),
        ("[1, 2]", "letter.json: the file is not a hand-off of xtenant"),
        (
            "{\"format\": \"xtenant hand-off 9\"}",
            "the hand-off has the format `xtenant hand-off 9`",
        ),
    ] {
        desk.northwind.write("letter.json", content);
        desk.refuses(&format!("{FINISH_TARGET} letter.json"), 1, &[says]);
    }
    desk.refuses(
        &format!("{FINISH_TARGET} nowhere.json"),
        1,
        &["could not read `nowhere.json`", "remedy: check the name"],
    );
}
