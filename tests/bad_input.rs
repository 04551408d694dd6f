//! Bad input: what is wrong and where is said, with the remedy; the exit status is 2 when nothing was begun and 1 otherwise; and
//! nothing has changed, neither in a tenant nor in the working folder.

mod desk;
mod handoffs;
mod user_files;
mod verify;

use desk::Desk;

const EVERY_TYPE: &str = r#"const PARAMS = #{
    text: #{ type: "string", value: (), pattern: "[a-z]+", help: "" },
    whole: #{ type: "int", value: (), min: 1, max: 8, help: "" },
    number: #{ type: "float", value: (), help: "" },
    flag: #{ type: "bool", value: (), help: "" },
    target: #{ type: "tenant", value: (), help: "" },
    domain: #{ type: "domain", value: (), help: "" },
    guid: #{ type: "guid", value: (), help: "" },
    email: #{ type: "email", value: (), help: "" },
    file: #{ type: "file", value: (), help: "" },
    dir: #{ type: "dir", value: (), help: "" },
    time: #{ type: "datetime", value: (), help: "" },
    secret: #{ type: "secret", value: (), pattern: "[a-z]+", help: "" },
    choice: #{ type: "choice", value: (), choices: ["one", "all"], help: "" },
};
"#;

#[test]
fn a_value_of_the_wrong_type_is_refused_with_the_flag_and_what_it_takes() {
    let desk = Desk::without_sandbox();
    desk.northwind.write("types.rhai", EVERY_TYPE);
    desk.northwind.write("secret.txt", "S3CRET\n");
    for (given, says) in [
        ("--text=LOUD", "`--text` must match `[a-z]+`, got `LOUD`"),
        ("--whole=many", "`--whole` takes a whole number, got `many`"),
        ("--whole=1.5", "`--whole` takes a whole number, got `1.5`"),
        ("--whole=0", "`--whole` must be at least 1, got 0"),
        ("--whole=9", "`--whole` must be at most 8, got 9"),
        ("--number=lots", "`--number` takes a number, got `lots`"),
        ("--flag=perhaps", "`--flag` takes true or false, got `perhaps`"),
        ("--target=", "`--target` takes the name of a profile"),
        ("--domain=contoso", "`--domain` takes a domain such as contoso.com, got `contoso`"),
        (
            "--guid=1ec059c7",
            "`--guid` takes a GUID such as 1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8, got `1ec059c7`",
        ),
        ("--email=cleo", "`--email` takes an address such as ann@contoso.com, got `cleo`"),
        ("--file=", "`--file` takes a path"),
        ("--dir=", "`--dir` takes a path"),
        (
            "--time=tomorrow",
            "`--time` takes a time such as 2026-03-01T18:00:00Z (UTC when no zone is given), got `tomorrow`",
        ),
        ("--secret=S3CRET", "`--secret` takes `env:NAME`"),
        ("--secret=file:secret.txt", "`--secret` must match `[a-z]+`, got `[secret]`"),
        ("--choice=some", "`--choice` takes one of one, all, got `some`"),
        ("--whole=1 --whole=2", "'--whole <NUMBER>' cannot be used multiple times"),
    ] {
        desk.refuses(&format!("run types.rhai {given}"), 2, &[says])
            .never_mentions("S3CRET");
    }
}

#[test]
fn what_the_command_line_names_must_be_there() {
    let desk = Desk::without_sandbox();
    for (line, says) in [
        (
            "run setup-targt",
            &["no bundled script `setup-targt`", "did you mean `setup-target`?"][..],
        ),
        ("run import", &["did you mean `import-attributes`?"]),
        (
            "run frobnicate",
            &["no bundled script `frobnicate`", "`xtenant scripts` lists them"],
        ),
        ("run ./mine.rhai", &["could not read the script `./mine.rhai`", "check the name"]),
        ("run setup-target", &["required arguments were not provided", "--target <PROFILE>"]),
        (
            "run setup-target --target northwind --sorce-domain contoso.com",
            &["'--sorce-domain'", "'--source-domain'"],
        ),
        (
            "run setup-target --target northwind contoso.com",
            &["unexpected argument 'contoso.com'"],
        ),
        (
            "run setup-target --target northwnd",
            &["no profile `northwnd`", "did you mean `northwind`?"],
        ),
        (
            "run setup-target --target fabrikam",
            &["no profile `fabrikam`", "the profiles are northwind"],
        ),
    ] {
        desk.refuses(line, 2, says);
    }
}

#[test]
fn a_script_that_cannot_be_read_is_shown_at_the_place() {
    let desk = Desk::without_sandbox();
    let target = "const PARAMS = #{ target: #{ type: \"tenant\", help: \"\" } };\n";
    let writes = |what: &str| format!("{target}const WRITES = #{{ {what} }};\n");
    for (script, says) in [
        (
            "let x = 1;\nlet y = ;\n".to_owned(),
            &["s.rhai:2:9", "Unexpected ';'", "let y = ;"][..],
        ),
        (
            "let x = 1;\nlet y = \"open;\n".to_owned(),
            &["s.rhai:2:9", "string is not terminated"],
        ),
        ("print(nowhere);".to_owned(), &["s.rhai:1:7", "unknown variable `nowhere`"]),
        (
            writes("source: #{ exchange: \"low\" }"),
            &["s.rhai:2:", "WRITES names `source`, which is no parameter of type tenant"],
        ),
        (
            writes("target: #{ sharepoint: \"low\" }"),
            &["s.rhai:2:", "`sharepoint` is no service; use exchange, graph, arm or key_vault"],
        ),
        (
            writes("target: #{ exchange: \"severe\" }"),
            &["s.rhai:2:", "`severe` is no impact; use low, medium, high or irreversible"],
        ),
        (
            writes("target: \"low\""),
            &["s.rhai:2:", "the writes of a tenant must be a literal map"],
        ),
        (
            "const PARAMS = #{ a: #{ type: \"strin\" } };".to_owned(),
            &["s.rhai:1:", "`strin` is no type of a parameter"],
        ),
        (
            "const PARAMS = #{ a: #{ type: \"int\", default: 1 } };".to_owned(),
            &["a parameter has no key `default`"],
        ),
    ] {
        desk.northwind.write("s.rhai", &script);
        desk.refuses("run s.rhai --target northwind", 2, says);
    }
}

#[test]
fn the_names_of_the_programs_own_flags_are_reserved() {
    let desk = Desk::without_sandbox();
    for name in [
        "json", "yes", "what_if", "confirm", "sandbox", "config", "help", "quiet", "color", "verbose", "version",
    ] {
        desk.northwind.write(
            "s.rhai",
            format!("const PARAMS = #{{ {name}: #{{ type: \"string\", value: () }} }};"),
        );
        let says = format!("`{name}` is a flag of the program itself; choose another name");
        desk.refuses("run s.rhai", 2, &["s.rhai:1:", &says]);
    }
}

#[test]
fn settings_that_cannot_be_used_are_shown_at_the_line() {
    let desk = Desk::without_sandbox();
    for (settings, says) in [
        ("[profiles.northwind]\ndomain = \n", "config.toml:2:10"),
        ("[profiles.northwind]\nsandbox = true\n", "missing field `domain`"),
        (
            "[profiles.northwind]\ndomain = \"northwind.com\"\nsandbx = true\n",
            "config.toml:3:1: unknown field `sandbx`",
        ),
        (
            "[profiles.northwind]\ndomain = \"northwind.com\"\ncloud = \"mars\"\n",
            "`mars` is no cloud",
        ),
    ] {
        desk.northwind.configure(settings);
        desk.refuses("run setup-target --target northwind", 2, &[says]);
    }
}

#[test]
fn the_source_is_never_the_target() {
    let desk = Desk::new();
    for (line, says) in [
        (
            "setup-target --target northwind --source-domain northwind.com",
            "northwind.com is the target tenant itself (F-20)",
        ),
        (
            "setup-target --target northwind --source-tenant-id {0D0D0D0D-2222-4222-8222-C0FFEE000002}",
            "is the target tenant itself (F-20)",
        ),
        (
            "setup-source --source contoso --target-domain contoso.com --application-id 5e5e5e5e-1111-4111-8111-000000000001 \
             --scope-group 'Kermit Scope'",
            "contoso.com is the source tenant itself (F-20)",
        ),
    ] {
        desk.refuses(&format!("run {line}"), 1, &[says, "remedy: name the tenant that"]);
    }
    desk.northwind.configure(
        "[profiles.old]\ndomain = \"contoso.onmicrosoft.com\"\nsandbox = true\n[profiles.new]\ndomain = \"contoso.com\"\nsandbox = true\n",
    );
    let both = "run verify-setup --source old --target new --application-id 5e5e5e5e-1111-4111-8111-000000000001";
    desk.refuses(
        both,
        2,
        &[
            "`--source` and `--target` are the same tenant",
            "0c0c0c0c-1111-4111-8111-c0ffee000001",
        ],
    );
}

#[test]
fn a_partner_that_is_not_there_or_not_named_is_refused() {
    let desk = Desk::new();
    for (line, says) in [
        (
            "setup-target --target northwind",
            &["the source tenant is not named", "give --source-domain"][..],
        ),
        (
            "setup-target --target northwind --source-domain contoso.com",
            &["contoso.com is not the initial domain of the source", "give --source-domain"],
        ),
        (
            "setup-target --target northwind --source-domain fabrikam.onmicrosoft.com",
            &["there is no tenant `fabrikam.onmicrosoft.com`", "check the partner's domain"],
        ),
        (
            "setup-target --target northwind --source-domain contoso.com --source-tenant-id 0d0d0d0d-9999-4222-8222-c0ffee000002",
            &["there is no tenant `0d0d0d0d-9999-4222-8222-c0ffee000002`"],
        ),
        (
            "setup-target --target northwind --source-domain contoso.onmicrosoft.com --existing-application-id 5e5e5e5e-1111-4111-8111-000000000001 \
             --stage application",
            &["5e5e5e5e-1111-4111-8111-000000000001", "registered in this tenant"],
        ),
        (
            "setup-source --source contoso --scope-group 'Kermit Scope'",
            &["the target tenant or its application is not named", "give --handoff"],
        ),
        (
            "verify-setup --application-id 5e5e5e5e-1111-4111-8111-000000000001",
            &["no tenant to look at"],
        ),
    ] {
        desk.refuses(&format!("run {line}"), 1, says);
    }
}
