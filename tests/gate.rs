//! The gate, through the program: a script writes what its `WRITES` declares, and nothing else gets out.

use crate::common::Ran;
use crate::common::Site;

const PARAMS: &str = r#"const PARAMS = #{
    source: #{ type: "tenant", value: (), help: "" },
    target: #{ type: "tenant", value: (), help: "" },
};
"#;

/// A script that declares `writes` and then makes `statement`, run in both tenants, with `flags`. Nothing may reach the tenants.
#[track_caller]
fn refused(writes: &str, statement: &str, flags: &[&str]) -> Ran {
    let site = Site::new();
    let person = site.beginner();
    person.write("s.rhai", format!("{PARAMS}{writes}\n{statement}\n"));
    let run = [&["run", "s.rhai", "--source", "contoso", "--target", "northwind"], flags].concat();
    let mut ran = None;
    let writes = site.writes_during(|| ran = Some(person.runs(&run)));
    let ran = ran.expect("it ran");
    assert!(writes.is_empty(), "{writes:?} by {ran:?}");
    ran
}

const SET: &str = "args.target.set_user(\"Lara\", #{ Department: \"Moved\" });";
const RELATIONSHIP: &str =
    "args.target.ensure_organization_relationship(args.source.id, #{ Name: \"x\", MailboxMoveCapability: \"Inbound\" });";
const APPLICATION: &str = "args.target.ensure_application(#{ displayName: \"x\" });";

#[test]
fn a_script_without_writes_only_reads() {
    for (statement, operation) in [
        (SET, "`set_user` writes to exchange of tenant `northwind`"),
        (
            RELATIONSHIP,
            "`new_organization_relationship` writes to exchange of tenant `northwind`",
        ),
        (APPLICATION, "`new_application` writes to graph of tenant `northwind`"),
    ] {
        for flags in [&[][..], &["--what-if"]] {
            refused("", statement, flags)
                .ends_with(1)
                .says(operation)
                .says("which is open for reading only")
                .says("┌─ s.rhai:6:")
                .says("remedy: declare it in the script's WRITES");
        }
    }
}

#[test]
fn what_is_declared_for_one_tenant_or_service_opens_no_other() {
    refused(
        "const WRITES = #{ source: #{ exchange: \"irreversible\", graph: \"irreversible\" } };",
        SET,
        &[],
    )
    .ends_with(1)
    .says("`set_user` writes to exchange of tenant `northwind`, which is open for reading only");
    refused("const WRITES = #{ target: #{ exchange: \"irreversible\" } };", APPLICATION, &[])
        .ends_with(1)
        .says("`new_application` writes to graph of tenant `northwind`, which is open for reading only");
}

#[test]
fn a_write_above_the_declared_impact_is_refused() {
    let batch = |more: &str| {
        format!(
            "args.target.new_migration_batch(#{{ Name: \"x\", SourceEndpoint: \"e\", TargetDeliveryDomain: \"northwind.com\", \
             CSVData: csv_bytes([#{{ EmailAddress: \"a@northwind.com\" }}]), {more} }});"
        )
    };
    for (declared, statement, says) in [
        (
            "exchange: \"medium\"",
            RELATIONSHIP.to_owned(),
            "has impact high, above the medium that the script declared",
        ),
        (
            "exchange: \"high\"",
            "args.target.ensure_customization();".to_owned(),
            "has impact irreversible, above the high",
        ),
        (
            "exchange: \"high\"",
            "args.target.complete_migration_batch(\"wave1\");".to_owned(),
            "has impact irreversible, above the high",
        ),
        // The same operation is worth as much as what it sets in motion.
        (
            "exchange: \"high\"",
            batch("AutoComplete: true"),
            "has impact irreversible, above the high",
        ),
        (
            "exchange: \"high\"",
            batch("CompleteAfter: \"2026-02-01T00:00:00Z\""),
            "has impact irreversible, above the high",
        ),
    ] {
        let writes = format!("const WRITES = #{{ target: #{{ {declared} }} }};");
        refused(&writes, &statement, &[])
            .ends_with(1)
            .says(says)
            .says("for exchange of tenant `northwind`")
            .says("remedy: raise it in the script's WRITES");
    }
}

#[test]
fn a_refusal_that_the_script_catches_or_makes_in_parallel_lets_nothing_out() {
    refused(
        "",
        &format!("try {{ {SET} }} catch (trouble) {{ note(`caught ${{trouble.kind}}`); }}"),
        &[],
    )
    .succeeds()
    .says("caught not_permitted");
    let many = "let target = args.target; [1, 2, 3].parallel(3, |n| target.set_user(\"Lara\", #{ Department: `${n}` })).to_array();";
    refused("", many, &[]).ends_with(4).says("3 items failed");
}
