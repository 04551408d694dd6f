//! The language as it is here: values, errors, streams, parallel loops, helpers.

use serde_json::Value;
use serde_json::json;

use super::Bench;
use crate::script::load;

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
fn a_captured_closure_that_writes_is_refused_too() {
    let bench = Bench::new();

    let called = bench.fails("let total = 0; let add = |n| { total += n; }; [1].parallel(2, |n| add.call(n));");
    let in_turn = bench.fails("let list = []; let a = |n| list.push(n); let b = |n| a.call(n); [1].parallel(2, |n| b.call(n));");

    assert_eq!(called.trouble.code, "captured_write");
    assert_eq!(in_turn.trouble.code, "captured_write");
}

#[test]
fn captured_closures_that_only_read_work_on_many_threads() {
    let value = Bench::new().value(
        "let base = [10]; let count = |n| { for i in 0..2000 { n += base.len(); } n };
         let items = []; items.pad(50, 1);
         items.parallel(8, |n| count.call(n)).all(|n| n == 2001)",
    );

    assert_eq!(value, json!(true));
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
fn what_a_script_says_with_fail_is_told_from_what_befell_it() {
    let bench = Bench::new();

    assert!(bench.fails("fail(\"no users\")").is_deliberate);
    assert!(bench.fails("fail(\"no users\", \"name some\")").is_deliberate);
    assert!(bench.fails("try { read_csv(\"nobody.csv\") } catch (e) { fail(e) }").is_deliberate);
    assert!(!bench.fails("read_csv(\"nobody.csv\")").is_deliberate);
    assert!(!bench.fails("[1].no_such_thing()").is_deliberate);
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

#[cfg(unix)]
#[test]
fn a_link_leads_no_import_out_of_the_scripts_folder() {
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(elsewhere.path().join("parts.rhai"), "fn one() { 1 }").expect("a file");
    let bench = Bench::new().with_file("main.rhai", "import \"link/parts\" as parts; parts::one()");
    std::fs::create_dir(bench.path("inner")).expect("a folder");
    std::fs::write(bench.path("inner/parts.rhai"), "fn one() { 1 }").expect("a file");
    let script = load(&bench.path("main.rhai").to_string_lossy()).expect("it compiles");
    let link_to = |target: &std::path::Path| {
        _ = std::fs::remove_file(bench.path("link"));
        std::os::unix::fs::symlink(target, bench.path("link")).expect("a link");
        bench.run_script(&script)
    };

    let inside = link_to(&bench.path("inner")).expect("it runs");
    let outside = link_to(elsewhere.path()).expect_err("it is outside");

    assert_eq!(inside.value, json!(1));
    assert_eq!(outside.trouble.code, "unknown_module");
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
