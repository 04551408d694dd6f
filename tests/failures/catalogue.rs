//! Every text that the sandbox can produce is known to the tool, by the same number.

use xtenant::migrate::Failure;
use xtenant::migrate::explain;
use xtenant::migrate::find_failure;
use xtenant::sandbox::rule;
use xtenant::sandbox::rule::RULES;
use xtenant::sandbox::rule::Rule;

/// The rule's text about things that look like those of a real tenant, of which some are themselves worded like a failure.
fn said(rule: &Rule) -> String {
    rule.text(&[
        "Lara.Newton@northwind.com",
        "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8",
        "NAMPR00DG000-db001",
    ])
}

fn id(text: &str) -> &'static str {
    explain(text).map_or("unknown", |failure| failure.id)
}

#[test]
fn every_refusal_of_the_sandbox_is_explained_with_its_own_number() {
    assert!(RULES.len() > 50);
    for rule in RULES {
        let text = said(rule);
        let shown = format!("{}: {text}", rule.short_type());
        let as_migration_error = format!("{shown} --> {text}");
        let as_cmdlet_error = format!("{}|{}", rule.exception, text.trim_end_matches('.'));

        for text in [shown, as_migration_error, as_cmdlet_error] {
            assert_eq!(id(&text), rule.id, "{text}");
        }
    }
}

#[test]
fn what_the_source_refused_is_explained_through_the_connection_that_failed() {
    let outer = &rule::CONNECTION_FAILED;
    let inner = [
        rule::NO_TENANT,
        rule::NOT_INSTALLED,
        rule::NOT_CONSENTED,
        rule::WRONG_SECRET,
        rule::EXPIRED_SECRET,
        rule::NO_ROLE_IN_TARGET,
        rule::NOT_AUTHORIZED,
    ];

    for rule in inner {
        let text = format!("{}: {} --> {}: {}", outer.short_type(), said(outer), rule.exception, said(&rule));
        assert_eq!(id(&text), rule.id, "{text}");
    }
}

#[test]
fn every_number_of_the_sandbox_has_a_cause_and_a_remedy() {
    for rule in RULES {
        let known: &Failure = find_failure(rule.id).unwrap_or_else(|| panic!("no {}", rule.id));
        assert!(!known.cause.is_empty() && !known.remedy.is_empty(), "{}", rule.id);
    }
}
