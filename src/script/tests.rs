//! Scripts run without tenants: the language, its helpers, and what a failure looks like.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::future::BoxFuture;
use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::change::Gate;
use crate::change::Mode;
use crate::change::Permissions;
use crate::model::Kind;
use crate::model::Record;
use crate::platform::Clock;
use crate::script::*;

/// What a script said.
#[derive(Default)]
struct Said(Mutex<Vec<String>>);

impl Said {
    fn say(&self, text: String) {
        self.0.lock().expect("no test panics in here").push(text);
    }

    fn all(&self) -> Vec<String> {
        self.0.lock().expect("no test panics in here").clone()
    }
}

struct Listener(Arc<Said>);

impl Console for Listener {
    fn print(&self, text: &str) {
        self.0.say(format!("out {text}"));
    }

    fn note(&self, text: &str) {
        self.0.say(format!("err {text}"));
    }

    fn table(&self, rows: &[Record]) {
        for row in rows {
            self.0.say(format!("row {}", Value::Object(row.to_map())));
        }
    }

    fn progress(&self, title: &str, _: Option<u64>) -> Box<dyn Progress> {
        self.0.say(format!("bar {title}"));
        Box::new(Listener(self.0.clone()))
    }
}

impl Progress for Listener {
    fn advance(&self, _: u64) {}

    fn say(&self, text: &str) {
        self.0.say(format!("now {text}"));
    }

    fn finish(&self) {}
}

/// Sleeping moves this clock instead of taking time.
struct Hourglass(Mutex<Timestamp>);

impl Clock for Hourglass {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no test panics in here")
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let mut now = self.0.lock().expect("no test panics in here");
            *now += duration;
        })
    }
}

struct Bench {
    runtime: Runtime,
    folder: tempfile::TempDir,
    said: Arc<Said>,
    mode: Mode,
    limits: Limits,
    stop: Stop,
}

impl Bench {
    fn new() -> Self {
        Self {
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime"),
            folder: tempfile::tempdir().expect("a temporary folder"),
            said: Arc::default(),
            mode: Mode::Apply,
            limits: Limits::default(),
            stop: Stop::default(),
        }
    }

    fn in_what_if() -> Self {
        Self {
            mode: Mode::WhatIf,
            ..Self::new()
        }
    }

    fn with_file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.folder.path().join(name), text).expect("a file");
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, source: &str) -> Result<Outcome, ScriptFailure> {
        self.run_script(&load_source("test.rhai", source)?)
    }

    fn run_script(&self, script: &Script) -> Result<Outcome, ScriptFailure> {
        let gate = Arc::new(Gate::new(self.mode, Permissions::none(), |_| {}));
        let start: Timestamp = "2026-01-05T08:00:00Z".parse().expect("a time");
        let console = Arc::new(Listener(self.said.clone()));
        let mut run = Run::new(gate, console, self.runtime.handle().clone(), self.folder.path().to_owned());
        run.clock = Some(Arc::new(Hourglass(Mutex::new(start))));
        run.limits = self.limits.clone();
        run.stop = self.stop.clone();
        super::run(script, run)
    }

    fn value(&self, source: &str) -> Value {
        self.run(source).unwrap_or_else(|failure| panic!("{failure}\n{failure:#?}")).value
    }

    fn fails(&self, source: &str) -> ScriptFailure {
        self.run(source).expect_err("the script is to fail")
    }
}

#[test]
fn the_last_expression_is_the_result() {
    let value =
        Bench::new().value(r#"let a = #{ x: 1, y: [(), true, 2.5, "t"] }; a + #{ z: now(), s: random_password(), r: row(#{ B: 1 }) }"#);

    assert_eq!(
        value,
        json!({"r": {"B": 1}, "s": "[secret]", "x": 1, "y": [null, true, 2.5, "t"], "z": "2026-01-05T08:00:00Z"})
    );
}

#[test]
fn parallel_results_are_in_order_and_a_failing_item_is_a_result() {
    let bench = Bench::new();

    let outcome = bench
        .run(r#"let base = 10; [1, 2, 3, 4].parallel(3, |n| { if n == 3 { fail("three is bad", "leave it out"); } base + n })"#)
        .expect("the script ends");

    assert_eq!(outcome.value[0], 11);
    assert_eq!(outcome.value[2]["message"], "three is bad");
    assert_eq!(outcome.value[3], 14);
    assert_eq!((outcome.exit, outcome.failed_items), (4, 1));
}

#[test]
fn a_failed_item_that_the_script_asked_about_is_handled() {
    let bench = Bench::new();

    let outcome = bench
        .run(r#"[1, 2].parallel(2, |n| if n == 2 { fail("no") } else { n }).filter(|r| !is_error(r)).len()"#)
        .expect("the script ends");

    assert_eq!((outcome.value, outcome.exit), (json!(1), 0));
}

#[test]
fn a_mistake_in_the_script_ends_a_parallel_loop_at_its_place() {
    let failure = Bench::new().fails("let rows = [1, 2];\nrows.parallel(2, |n| {\n    n.no_such_thing()\n});");

    let place = failure.place.expect("a place");
    assert_eq!((place.line, place.column, place.text.as_str()), (3, 7, "    n.no_such_thing()"));
    assert_eq!(place.width, "no_such_thing".len());
    assert_eq!(failure.trouble.code, "unknown_function");
}

#[test]
fn writing_to_a_captured_variable_in_parallel_is_refused_before_anything_runs() {
    let in_place = Bench::new().fails("print(\"ran\");\nlet total = 0;\n[1].parallel(2, |n| { total += n; });");
    let by_variable = Bench::new().fails("let total = 0; let f = |n| { total += n; }; [1].parallel(2, f);");

    assert!(in_place.is_usage);
    assert_eq!(in_place.place.map(|place| place.line), Some(3));
    assert!(
        in_place.trouble.message.starts_with("`total` comes from outside"),
        "{}",
        in_place.trouble.message
    );
    assert_eq!(by_variable.trouble.code, "captured_write");
}

#[test]
fn counters_and_collectors_are_shared_by_threads() {
    let value = Bench::new().value(
        "let n = counter(); let seen = collector(); [1, 2, 3, 4].parallel(3, |i| { n.add(i); seen.add(i); }); [n.value, seen.len()]",
    );

    assert_eq!(value, json!([10, 4]));
}

#[test]
fn streams_are_lazy_and_can_be_run_again() {
    let bench = Bench::new();

    let value = bench.value(
        r#"let seen = collector();
           let big = [1, 2, 3, 4].stream().map(|n| { seen.add(n); n * 10 }).filter(|n| n > 10);
           let first = big.first();
           let read = seen.len();
           let sum = 0;
           for n in big { sum += n; }
           [first, read, sum, big.count(), big.any(|n| n == 40), big.take(2).to_array()]"#,
    );

    assert_eq!(value, json!([20, 2, 90, 3, true, [20, 30]]));
}

#[test]
fn a_caught_error_says_kind_code_message_and_remedy() {
    let value = Bench::new().value(
        r#"let seen = (); try { read_csv("nobody.csv"); } catch (e) { seen = [e.kind, e.code, e.retryable, e.tenant, e.message]; } seen"#,
    );

    assert_eq!(value[0], "not_found");
    assert_eq!(value[3], Value::Null);
    assert!(
        value[4]
            .as_str()
            .is_some_and(|text| text.contains("nobody.csv") && !text.contains("/nobody.csv")),
        "{value}"
    );
}

#[test]
fn what_was_thrown_is_what_is_told_with_frames() {
    let failure =
        Bench::new().fails("fn check(n) {\n    if n > 1 { fail(\"too many\", \"take fewer\"); }\n}\n[1, 2].for_each(|n| check(n));\n");

    assert_eq!(failure.trouble.message, "too many");
    assert_eq!(failure.trouble.remedy.as_deref(), Some("take fewer"));
    let place = failure.place.expect("a place");
    assert_eq!((place.file.as_str(), place.line, place.column), ("test.rhai", 2, 16));
    let frames: Vec<_> = failure.frames.iter().map(|frame| frame.function.as_str()).collect();
    assert_eq!(frames[0], "check");
    assert!(frames.contains(&"closure"), "{frames:?}");
}

#[test]
fn an_error_in_an_imported_module_points_into_the_module() {
    let bench = Bench::new().with_file("parts.rhai", "fn half(n) {\n    if n % 2 == 1 { throw \"odd\"; }\n    n / 2\n}\n");
    std::fs::write(
        bench.path("main.rhai"),
        "import \"parts\" as parts;\nparts::half(4) + parts::half(3)",
    )
    .expect("a file");

    let script = load(&bench.path("main.rhai").to_string_lossy()).expect("it compiles");
    let failure = bench.run_script(&script).expect_err("three is odd");

    let place = failure.place.expect("a place");
    assert_eq!((place.file.as_str(), place.line), ("parts.rhai", 2));
    assert_eq!(failure.trouble.message, "odd");
    assert_eq!(failure.frames[0].place.as_ref().map(|place| place.line), Some(2));
}

#[test]
fn a_module_that_is_not_there_is_told_at_the_import() {
    let failure = Bench::new().fails("import \"../secret\" as s;\n");

    assert_eq!(failure.trouble.code, "unknown_module");
    assert_eq!(failure.place.map(|place| (place.line, place.column)), Some((1, 8)));
}

#[test]
fn an_unknown_property_suggests_the_nearest() {
    let failure = Bench::new().fails(r#"let user = row(#{ ExchangeGuid: "x", DisplayName: "Ann" }); user.ExchangeGud"#);

    assert_eq!(failure.trouble.message, "this row has no property `ExchangeGud`");
    assert_eq!(failure.trouble.remedy.as_deref(), Some("did you mean `ExchangeGuid`?"));
}

#[test]
fn rows_are_read_without_case_merged_and_selected() {
    let value = Bench::new().value(
        r#"let user = row(#{ Alias: "ann", Mail: () });
           user.alias = "Ann";
           let more = user + #{ Age: 3 };
           [user.ALIAS, user.has("mail"), user.contains("mail"), user.get("none"), more.select(["Age", "Alias"]), more == user]"#,
    );

    assert_eq!(value, json!(["Ann", false, true, null, {"Age": 3, "Alias": "Ann"}, false]));
}

#[test]
fn asking_a_list_of_a_row_changes_nothing_and_changing_it_does() {
    let value = Bench::new().value(
        r#"let user = row(#{ Addresses: ["a"] });
           let knows = user.Addresses.contains("a");
           user.Addresses.push("b");
           [knows, user.Addresses]"#,
    );

    assert_eq!(value, json!([true, ["a", "b"]]));
}

#[test]
fn a_call_that_fits_no_function_is_told_how_it_is_called() {
    let misspelt = Bench::new().fails("let n = 1; read_cvs(\"x\")");
    let misused = Bench::new().fails("join(1)");

    assert_eq!(misspelt.trouble.remedy.as_deref(), Some("did you mean `read_csv`?"));
    assert_eq!(misused.trouble.message, "`join` cannot be called with (int)");
    assert_eq!(
        misused.trouble.remedy.as_deref(),
        Some("it is called as `join(list: array, separator: string) -> string`")
    );
}

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
fn helpers_do_what_scripts_need() {
    let cases = [
        (r#"join([1, "b"], ", ")"#, json!("1, b")),
        (r#"["a", "A", "b"].unique()"#, json!(["a", "b"])),
        (
            r#"[1, 2, 3].group_by(|n| if n > 1 { "big" } else { "small" })"#,
            json!({"big": [2, 3], "small": [1]}),
        ),
        (r#"domain_of("SMTP:Ann@Contoso.com")"#, json!("contoso.com")),
        (r#"local_part("smtp:Ann@contoso.com")"#, json!("Ann")),
        (r#"same_text("Ann@X.com", "ann@x.COM")"#, json!(true)),
        (r#"compact(#{ a: (), b: 1 })"#, json!({"b": 1})),
        (r#"format_time("2026-03-01T18:00:00", "%d.%m. %H:%M")"#, json!("01.03. 18:00")),
        (
            r#"(time("2026-03-01T18:00:00Z") + "1h 30m").to_string()"#,
            json!("2026-03-01T19:30:00Z"),
        ),
        (r#"[].first() ?? "nobody""#, json!("nobody")),
        (r#"[[1], 2, [3, 4]].flatten()"#, json!([1, 2, 3, 4])),
        (r#"parse_json("{\"default\": [1]}")["default"]"#, json!([1])),
        (r#"let p = reveal(random_password()); p.len()"#, json!(24)),
    ];
    let bench = Bench::new();
    for (source, expected) in cases {
        assert_eq!(bench.value(source), expected, "{source}");
    }
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
