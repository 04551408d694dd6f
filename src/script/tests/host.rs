//! What the host gives: files, waiting, output, limits, parameters.

use std::time::Duration;

use serde_json::json;

use super::Bench;
use crate::model::Kind;
use crate::script::Script;
use crate::script::bundled;
use crate::script::functions;
use crate::script::load;
use crate::script::load_source;
use crate::script::modules;

#[test]
fn files_come_and_go_as_rows_within_reach() {
    let bench = Bench::new().with_file("users.csv", "\u{feff}Alias,Title\r\nann,\"Boss, big\"\r\nbob,\r\n\r\n");

    let value = bench.value(
        r#"let rows = read_csv("users.csv", ["Alias"]);
           write_rows("out.json", rows.map(|r| r + #{ Done: true }));
           [rows.len(), rows[0].Title, read_rows("out.json")[1].Done, to_csv(rows.take(1))]"#,
    );

    assert_eq!(value, json!([2, "Boss, big", true, "Alias,Title\r\nann,\"Boss, big\"\r\n"]));
    let missing = bench.fails(r#"read_csv("users.csv", ["SourceUser"])"#);
    assert_eq!(missing.trouble.message, "users.csv:1: the column `SourceUser` is missing");
    assert_eq!(bench.fails(r#"write_text("../out.txt", "x")"#).trouble.kind, Kind::NotPermitted);
}

#[test]
fn under_what_if_files_are_not_written() {
    let bench = Bench::in_what_if();

    bench.value(r#"write_json("letter.json", #{ a: 1 })"#);

    assert!(!bench.path("letter.json").exists());
    assert_eq!(bench.said.all(), ["err would write a value to letter.json"]);
}

#[test]
fn waiting_goes_by_the_clock_of_the_run_and_ends_in_time() {
    let bench = Bench::new();

    let value = bench.value(
        r#"let start = now();
           let done = wait_until(#{ what: "noon", timeout: "6h", every: "10m" }, || { progress_note("not yet"); now() >= time("2026-01-05T12:00:00Z") });
           let late = "";
           try { wait_until(#{ what: "never", timeout: "1h" }, || false); } catch (e) { late = e.kind; }
           [done, now() - start, late, wait_until(#{ what: "never", timeout: "1m", or_else: false }, || false)]"#,
    );

    assert_eq!(value, json!([true, 4 * 3600 + 3600, "timeout", false]));
    assert_eq!(bench.said.all()[..2], ["bar waiting for noon", "now not yet"]);
}

#[test]
fn under_what_if_waiting_is_an_assumption() {
    let bench = Bench::in_what_if();

    assert_eq!(
        bench.value(r#"wait_until(#{ what: "consent" }, || fail("not asked"))"#),
        json!(true)
    );
    assert_eq!(bench.said.all(), ["err assumed: consent"]);
}

#[test]
fn print_note_and_table_go_their_ways() {
    let bench = Bench::new();

    bench.value(r#"print(secret("x")); note(#{ a: 1 }); table([#{ b: 2 }]); print(`${credential("app", secret("y"))} ${[now()]}`);"#);

    assert_eq!(
        bench.said.all(),
        [
            "out [secret]",
            "err #{\"a\": 1}",
            "row {\"b\":2}",
            "out app [secret] [2026-01-05T08:00:00Z]"
        ]
    );
}

#[test]
fn columns_and_results_come_in_the_order_they_are_written_in() {
    let bench = Bench::new();

    let value = bench.value(
        r#"let rows = [2, 1].map(|n| #{ User: n, State: "ok", Again: () });
           table(rows);
           write_csv("out.csv", rows);
           #{ rows: rows.len(), file: "out.csv", first: rows[0] }"#,
    );

    assert_eq!(
        value.to_string(),
        r#"{"rows":2,"file":"out.csv","first":{"User":2,"State":"ok","Again":null}}"#
    );
    assert_eq!(bench.said.all()[0], r#"row {"User":2,"State":"ok","Again":null}"#);
    assert!(
        std::fs::read_to_string(bench.path("out.csv"))
            .expect("a file")
            .contains("User,State,Again")
    );
}

#[test]
fn maps_too_become_json_with_their_objects_in_their_order_and_without_secrets() {
    let value = Bench::new().value(r#"let map = #{ user: row(#{ B: 1, A: now() }), password: secret("hunter2"), at: [credential("x", secret("hunter2"))] }; map.to_json()"#);

    assert_eq!(
        value,
        json!(r#"{"user":{"B":1,"A":"2026-01-05T08:00:00Z"},"password":"[secret]","at":["[secret]"]}"#)
    );
}

#[test]
fn sleep_and_eval_are_not_there() {
    let ran = std::time::Instant::now();
    for source in ["sleep(60)", "let text = \"1\"; eval(text)"] {
        Bench::new().fails(source);
    }
    assert!(ran.elapsed() < Duration::from_secs(30));
}

#[test]
fn exit_ends_the_run_with_status_and_value_and_cannot_be_caught() {
    let outcome = Bench::new()
        .run(r#"try { exit(3, #{ problems: 2 }); } catch { print("caught"); } 7"#)
        .expect("it is an end");

    assert_eq!((outcome.exit, outcome.value), (3, json!({"problems": 2})));
    assert_eq!(
        Bench::new().fails("exit(2)").trouble.message,
        "a script may exit with 0, 1, 3 or 4, not 2"
    );
}

#[test]
fn a_run_that_is_stopped_ends_and_cannot_be_kept_going() {
    let bench = Bench::new();
    bench.stop.pull();

    let failure = bench.fails("loop { try { loop { } } catch { } }");

    assert!(failure.is_stopped);
}

#[test]
fn a_script_gone_astray_runs_into_its_limits() {
    let mut bench = Bench::new();
    bench.limits.operations = 10_000;

    let operations = bench.fails("loop { }");
    let depth = Bench::new().fails("fn f(n) { f(n + 1) } f(0)");

    assert_eq!(operations.trouble.message, "the run has used up its operations");
    assert!(!operations.is_stopped);
    assert_eq!(depth.trouble.code, "limit");
}

#[test]
fn parameters_are_seen_everywhere_as_args() {
    let bench = Bench::new();
    let script = load_source(
        "test.rhai",
        r#"const PARAMS = #{ max_jobs: #{ type: "int", value: 8 }, "continue": #{ type: "file", value: () } };
           fn jobs() { args.max_jobs * 2 }
           [jobs(), args["continue"], [1].map(|n| n + args.max_jobs)]"#,
    )
    .expect("it compiles");

    assert_eq!(bench.run_script(&script).expect("it runs").value, json!([16, null, [9]]));
}

#[test]
fn a_file_parameter_opens_that_file_wherever_it_lies() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let file = elsewhere.path().join("users.txt");
    std::fs::write(&file, "ann\nbob\n").expect("a file");
    let bench = Bench::new();
    let source = format!(
        r#"const PARAMS = #{{ users: #{{ type: "file", value: "{}" }} }}; read_rows(args.users).map(|row| row.Alias)"#,
        file.display()
    );

    assert_eq!(bench.value(&source), json!(["ann", "bob"]));
}

#[test]
fn every_function_has_help_and_every_reading_and_write_is_there() {
    let functions = functions().expect("the list");

    let names: Vec<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    for expected in [
        "get_mailbox",
        "find_mailboxes",
        "set_mailuser",
        "ensure_consent",
        "wait_until",
        "parallel",
        ".remedy",
    ] {
        assert!(names.contains(&expected), "{expected}");
    }
    assert!(functions.iter().all(|function| !function.help.is_empty()));
}

#[test]
fn the_bundled_scripts_and_modules_compile() {
    for (name, _) in bundled() {
        load(name).unwrap_or_else(|failure| panic!("{failure}"));
    }
    for (name, source) in modules() {
        load_source(&format!("std/{name}.rhai"), source).unwrap_or_else(|failure| panic!("{failure}"));
    }
}

#[test]
fn engine_and_context_may_cross_threads() {
    fn crosses<T: Send + Sync>() {}
    crosses::<rhai::Engine>();
    crosses::<rhai::NativeCallContext>();
    crosses::<Script>();
}
