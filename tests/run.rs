//! `xtenant run`: from the command line to the exit status.

use serde_json::json;

use crate::common::Site;

const LOOK: &str = r#"//! Looks at a tenant.
//!
//! It is only read.

const PARAMS = #{
    source: #{ type: "tenant", help: "Tenant that holds the mailboxes" },
    target: #{ type: "tenant", value: (), help: "Tenant that receives them" },
    jobs: #{ type: "int", value: 8, min: 1, max: 256, help: "Users worked on at once" },
    stage: #{ type: "choice", choices: ["one", "all"], value: "all", help: "How much" },
    watch: #{ type: "bool", value: false, help: "Stay until the end" },
    scope_group: #{ type: "list", value: (), help: "Groups" },
};

#{ domain: args.source.domain, jobs: args.jobs, stage: args.stage, watch: args.watch, groups: args.scope_group }
"#;

const STAMP: &str = r#"//! Stamps an attribute.

const PARAMS = #{ target: #{ type: "tenant", help: "Tenant to stamp in" }, user: #{ type: "string", help: "Whom" } };
const WRITES = #{ target: #{ exchange: "medium" } };

args.target.set_mailbox(args.user, #{ CustomAttribute7: "stamped" });
()
"#;

const EXPORT: &str = r#"//! Writes the addresses of mailboxes to a file.

const PARAMS = #{ source: #{ type: "tenant", help: "Tenant to read" }, out: #{ type: "file", help: "CSV to write" } };

let rows = args.source.find_mailboxes("Alias -eq 'LaraN'").map(|mailbox| #{ Address: mailbox.PrimarySmtpAddress }).collect();
write_csv(args.out, rows);
"#;

#[test]
fn the_flags_of_a_script_come_from_its_parameters() {
    let site = Site::empty();
    let person = site.beginner();
    person.write("look.rhai", LOOK);

    let help = person.runs(&["run", "look.rhai", "--help"]);

    help.succeeds()
        .prints("Looks at a tenant.")
        .prints("--source <PROFILE>")
        .prints("--scope-group <TEXT>...")
        .prints("[default: 8]")
        .prints("[choices: one, all]")
        .prints("--what-if")
        .prints("It changes nothing in any tenant.");
}

#[test]
fn values_arrive_typed() {
    let site = Site::new();
    let person = site.beginner();
    person.write("look.rhai", LOOK);

    let ran = person.runs(&[
        "run",
        "look.rhai",
        "--source",
        "contoso",
        "--jobs",
        "3",
        "--watch",
        "--scope-group",
        "A",
        "B",
        "--scope-group",
        "C",
        "--json",
    ]);

    assert_eq!(
        ran.succeeds().json(),
        json!({"domain": "contoso.onmicrosoft.com", "groups": ["A", "B", "C"], "jobs": 3, "stage": "all", "watch": true})
    );
}

#[test]
fn mistakes_of_the_command_line_end_with_status_2_before_anything_is_begun() {
    let site = Site::empty();
    let person = site.beginner();
    person.write("look.rhai", LOOK);
    person.write("broken.rhai", "let x = 1;\nlet y = ;\n");
    let cases: &[(&[&str], &str)] = &[
        (&["run", "look.rhai"], "--source <PROFILE>"),
        (
            &["run", "look.rhai", "--source", "contoso", "--jobs", "many"],
            "`--jobs` takes a whole number, got `many`",
        ),
        (
            &["run", "look.rhai", "--source", "contoso", "--jobs", "999"],
            "`--jobs` must be at most 256",
        ),
        (
            &["run", "look.rhai", "--source", "contoso", "--sorce", "x"],
            "unexpected argument '--sorce'",
        ),
        (&["run", "look.rhai", "--source", "contosso"], "did you mean `contoso`?"),
        (&["run", "look.rhai", "--source", "fabrikam"], "the profiles are contoso, northwind"),
        (&["run", "no-such-script"], "there is no bundled script `no-such-script`"),
        (&["run", "./no-such.rhai"], "could not read the script `./no-such.rhai`"),
        (&["run", "broken.rhai"], "broken.rhai:2:9"),
    ];
    for (arguments, expected) in cases {
        person.runs(arguments).ends_with(2).says(expected);
    }
    assert!(!site.sandbox().exists(), "nothing was begun");
}

#[test]
fn a_secret_comes_from_the_place_that_its_flag_names_and_never_from_the_flag() {
    let site = Site::empty();
    let person = site.beginner();
    person.write(
        "knock.rhai",
        "const PARAMS = #{ password: #{ type: \"secret\", help: \"The password\" } };\nreveal(args.password).len()\n",
    );
    let run = |flag: &str| person.runs_with(&["run", "knock.rhai", "--password", flag], &[("THE_SECRET", "hunter2")]);

    run("env:THE_SECRET").succeeds().prints("7");
    run("-").ends_with(2).says("`--password` names a place that holds nothing");
    run("hunter2")
        .ends_with(2)
        .says("`--password` takes `env:NAME`")
        .says("would be seen in the list of processes")
        .never_mentions("hunter2");
    person
        .runs(&["run", "knock.rhai", "--help"])
        .succeeds()
        .prints("--password <env:NAME|file:PATH|->");
}

#[test]
fn what_a_script_says_with_fail_comes_without_its_source() {
    let site = Site::empty();
    let person = site.beginner();
    person.write("judge.rhai", "fn judge() {\n    fail(\"no users\", \"name some\");\n}\njudge();\n");

    let ran = person.runs(&["run", "judge.rhai"]);

    ran.ends_with(1).says("error: no users\n  at judge.rhai:2:5\nremedy: name some\n");
}

#[test]
fn source_and_target_may_not_be_one_tenant_whatever_their_profiles_are_called() {
    let site = Site::new();
    let person = site.beginner();
    person.configure(
        "[profiles.old]\ndomain = \"contoso.onmicrosoft.com\"\nsandbox = true\n[profiles.new]\ndomain = \"contoso.com\"\nsandbox = true\n",
    );
    person.write("look.rhai", LOOK);

    let ran = person.runs(&["run", "look.rhai", "--source", "old", "--target", "new"]);

    ran.ends_with(2).says("`--source` and `--target` are the same tenant");
}

#[test]
fn a_writing_run_states_first_what_it_may_change_and_tells_each_change() {
    let site = Site::new();
    let person = site.beginner();
    person.write("stamp.rhai", STAMP);
    let stamp: &[&str] = &["run", "stamp.rhai", "--target", "contoso", "--user", "LaraN"];

    let first = person.runs(stamp);
    let second = person.runs(stamp);

    first
        .succeeds()
        .says("may change: contoso (contoso.onmicrosoft.com, ")
        .says("): exchange (medium)")
        .says("~ contoso  updated mailbox `LaraN`")
        .says("`stamped`");
    second.succeeds().says("= contoso  unchanged mailbox `LaraN`");
}

#[test]
fn what_if_lists_and_changes_nothing() {
    let site = Site::new();
    let person = site.contoso();
    person.write("stamp.rhai", STAMP);

    let ran = person.runs(&["run", "stamp.rhai", "--target", "contoso", "--user", "LaraN", "--what-if"]);

    ran.succeeds()
        .says("? contoso  would update mailbox `LaraN`")
        .prints("contoso: update mailbox `LaraN` (medium)  CustomAttribute7       stamped")
        .prints("1 change planned, none made");
    assert_eq!(person.sees(r#"tenant.get_mailbox("LaraN").CustomAttribute7"#), json!(""));
}

#[test]
fn a_write_that_the_script_did_not_declare_is_refused_at_its_place() {
    let site = Site::new();
    let person = site.contoso();
    person.write("stamp.rhai", STAMP.replace("const WRITES", "const OTHER"));

    let ran = person.runs(&["run", "stamp.rhai", "--target", "contoso", "--user", "LaraN"]);

    ran.ends_with(1)
        .says("open for reading only")
        .says("stamp.rhai:6:")
        .says("remedy: declare it");
}

#[test]
fn an_error_shows_its_place_the_object_and_the_remedy() {
    let site = Site::new();
    let person = site.contoso();
    person.write(
        "look.rhai",
        "const PARAMS = #{ tenant: #{ type: \"tenant\", help: \"\" } };\nargs.tenant.get_mailbox(\"nobody\");\n",
    );

    let ran = person.runs(&["run", "look.rhai", "--tenant", "contoso"]);

    ran.ends_with(1)
        .says("error: ")
        .says("┌─ look.rhai:2:")
        .says("args.tenant.get_mailbox(\"nobody\");")
        .says("^");
}

#[test]
fn signing_in_with_a_wrong_secret_ends_with_status_5() {
    let site = Site::new();
    let person = site.beginner();
    let client_id = person.runs(&["sandbox", "status", "--json"]).json()["tenants"][0]["administrator"].clone();
    person.configure(&format!(
        "[profiles.contoso]\ndomain = \"contoso.onmicrosoft.com\"\nsandbox = true\nclient_id = {client_id}\nsecret_env = \"THE_SECRET\"\n"
    ));
    person.write("look.rhai", LOOK);
    let look: &[&str] = &["run", "look.rhai", "--source", "contoso"];

    let wrong = person.runs_with(look, &[("THE_SECRET", "hunter2")]);
    let missing = person.runs(look);

    wrong.ends_with(5).says("Invalid client secret provided").never_mentions("hunter2");
    missing.ends_with(5).says("`THE_SECRET`, which is not set");
}

#[test]
fn a_script_may_end_with_findings() {
    let site = Site::empty();
    let person = site.beginner();
    person.write("check.rhai", "note(\"two findings\"); exit(3);");

    person.runs(&["run", "check.rhai"]).ends_with(3).says("two findings");
}

#[test]
fn the_sandbox_is_made_on_first_use_and_said_so() {
    let site = Site::empty();
    let person = site.beginner();
    person.write("look.rhai", LOOK);

    let ran = person.runs(&["run", "look.rhai", "--source", "contoso"]);

    ran.succeeds()
        .says("made a sandbox with 60 mailboxes")
        .prints("contoso.onmicrosoft.com");
}

#[test]
fn two_administrators_have_only_files_in_common() {
    let site = Site::new();
    let (contoso, northwind) = (site.contoso(), site.northwind());
    contoso.write("export.rhai", EXPORT);

    contoso
        .runs(&["run", "export.rhai", "--source", "contoso", "--out", "users.csv"])
        .succeeds();
    contoso.sends("users.csv", &northwind);

    assert!(northwind.read("users.csv").contains("Lara.Newton@contoso.com"));
    assert!(!northwind.has("export.rhai"));
    northwind.write("export.rhai", EXPORT);
    northwind
        .runs(&["run", "export.rhai", "--source", "contoso", "--out", "users.csv"])
        .ends_with(2)
        .says("no profile `contoso`");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_run_in_order_with_status_130() {
    let site = Site::empty();
    let person = site.beginner();
    person.write("long.rhai", "note(\"begun\");\nlet n = 0;\nloop { n += 1; }\n");

    let ran = person.interrupts(&["run", "long.rhai"], "begun");

    ran.ends_with(130).says("stopped; 0 changes had been made");
}

#[test]
fn without_a_word_the_program_shows_what_it_can_do() {
    let site = Site::empty();

    site.beginner()
        .runs(&[])
        .ends_with(2)
        .says("xtenant [OPTIONS] [COMMAND]")
        .says("demo");
}
