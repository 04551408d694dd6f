//! `docs/sandbox.md` lists what the sandbox knows; each list is held against the code in both directions.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;

use xtenant::migrate;
use xtenant::sandbox;
use xtenant::sandbox::exchange;
use xtenant::sandbox::ids;
use xtenant::sandbox::population::cast;
use xtenant::sandbox::population::staff;
use xtenant::sandbox::rule;

use crate::common::Site;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/sandbox.md");

#[test]
fn every_cmdlet_with_its_parameters_is_listed_and_no_other() {
    let listed: BTreeMap<_, _> = rows("Exchange admin REST")
        .into_iter()
        .map(|row| (row[0].trim_matches('`').to_owned(), parameters(&row[1])))
        .collect();
    let known = exchange::cmdlets().map(|cmdlet| {
        let parameters = cmdlet.parameters.iter().map(|(name, _)| {
            let is_mandatory = cmdlet.mandatory.contains(name);
            ((*name).to_owned(), is_mandatory)
        });
        (cmdlet.name.to_owned(), parameters.collect())
    });
    let known: BTreeMap<String, BTreeMap<String, bool>> = known.collect();

    assert_eq!(listed.keys().collect::<Vec<_>>(), known.keys().collect::<Vec<_>>());
    for (name, parameters) in known {
        assert_eq!(listed[&name], parameters, "the parameters of {name}");
    }
}

#[test]
fn everything_that_programs_ask_of_a_login_host_is_listed_and_nothing_else() {
    let rows = rows("Entra");
    let listed: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();

    assert_eq!(listed, sandbox::entra_operations().collect::<Vec<_>>());
}

#[test]
fn every_page_is_listed_and_no_other() {
    let rows = rows("Pages");
    let listed: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();

    assert_eq!(listed, sandbox::login_pages().chain(sandbox::web_pages()).collect::<Vec<_>>());
}

#[test]
fn every_operation_of_graph_is_listed_and_no_other() {
    let listed: BTreeSet<_> = rows("Microsoft Graph")
        .iter()
        .map(|row| general(row[0].trim_matches('`')))
        .collect();
    let known = sandbox::graph_operations().map(|operation| format!("{} /{}", operation.method, operation.path));

    assert_eq!(listed, known.collect());
}

#[test]
fn every_operation_of_resource_manager_is_listed_and_no_other() {
    let listed: BTreeSet<_> = rows("Azure Resource Manager")
        .iter()
        .map(|row| row[0].trim_matches('`').to_owned())
        .collect();
    let known = sandbox::arm_operations().map(|operation| format!("{} /{}", operation.method, operation.path));

    assert_eq!(listed, known.collect());
}

#[test]
fn every_operation_of_a_vault_is_listed_with_its_permission_and_no_other() {
    let listed: BTreeSet<_> = rows("Key Vault")
        .iter()
        .map(|row| (general(row[0].trim_matches('`')), row[1].clone()))
        .collect();
    let known = sandbox::vault_operations().map(|operation| {
        let permission = format!("{}/{}", operation.container, operation.permission);
        (format!("{} /{}", operation.method, operation.path), permission)
    });

    assert_eq!(listed, known.collect());
}

#[test]
fn every_effect_of_a_fault_is_listed_and_no_other() {
    let listed: BTreeSet<_> = rows("Faults").iter().map(|row| row[0].trim_matches('`').to_owned()).collect();
    let help = Site::empty().beginner().runs(&["sandbox", "fault", "add", "--help"]);
    let effects = help
        .stdout()
        .lines()
        .skip_while(|line| *line != "Effects:")
        .skip(1)
        .take_while(|line| !line.is_empty());
    let names = effects.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let known = names.filter(|name| !["", "help"].contains(name)).map(str::to_owned);

    assert_eq!(listed, known.collect());
}

#[test]
fn every_operation_on_blobs_is_listed_and_no_other() {
    let rows = rows("Storage log");
    let listed: Vec<_> = rows.iter().map(|row| row[0].trim_matches('`')).collect();

    assert_eq!(listed, sandbox::blob_operations().collect::<Vec<_>>());
}

#[test]
fn everybody_who_is_there_for_a_reason_is_listed_and_nobody_else() {
    let listed: Vec<_> = rows("Population").into_iter().map(|mut row| row.swap_remove(0)).collect();
    let (first, last, _) = cast::PREPARED_BY_HAND;
    let project = cast::PROJECT_TROUBLES.iter().map(|(first, last, _)| (*first, *last));
    let hard = cast::CASES.iter().map(|(first, last, _)| (*first, *last));
    let all = [cast::LARA].into_iter().chain(project).chain([(first, last)]).chain(hard);

    assert_eq!(listed, all.map(|(first, last)| format!("{first} {last}")).collect::<Vec<_>>());
}

#[test]
fn everybody_who_runs_a_tenant_is_listed_with_the_role() {
    let listed: Vec<_> = rows("Administrators")
        .into_iter()
        .map(|row| {
            let role = row[2].split(',').next().unwrap_or_default().to_owned();
            (row[0].clone(), row[1].clone(), role)
        })
        .collect();
    let role = |template: &str| {
        let mut known = ids::DIRECTORY_ROLES.iter();
        known.find(|(_, id)| *id == template).map(|(name, _)| (*name).to_owned())
    };
    let known = staff::CONTOSO.iter().zip(staff::NORTHWIND).map(|(ours, theirs)| {
        assert_eq!(ours.2, theirs.2, "{} and {} hold the same role", ours.0, theirs.0);
        let role = ours.2.and_then(role).unwrap_or_else(|| "none".to_owned());
        (format!("{} {}", ours.0, ours.1), format!("{} {}", theirs.0, theirs.1), role)
    });

    assert_eq!(listed, known.collect::<Vec<_>>());
}

#[test]
fn every_failure_is_listed_as_produced_or_as_not_modelled() {
    let (produced, left_out) = (failures("Failures"), failures("Not modelled"));
    let known: BTreeSet<_> = migrate::all_failures().map(|failure| failure.id.to_owned()).collect();
    let with_text: BTreeSet<_> = rule::RULES.iter().map(|rule| rule.id.to_owned()).collect();

    let missing: Vec<_> = with_text.difference(&produced).collect();
    assert!(missing.is_empty(), "the sandbox produces these: {missing:?}");
    let both: Vec<_> = produced.intersection(&left_out).collect();
    assert!(both.is_empty(), "produced and not modelled: {both:?}");
    assert_eq!(produced.union(&left_out).cloned().collect::<BTreeSet<_>>(), known);
}

#[test]
fn every_failure_that_the_page_mentions_is_in_the_catalogue() {
    for id in ids(&page()) {
        assert!(migrate::find_failure(&id).is_some(), "{id} is no failure");
    }
}

fn page() -> String {
    fs::read_to_string(PAGE).expect("the page is there").replace("\r\n", "\n")
}

/// The text below a heading of the second level.
fn section(title: &str) -> String {
    let page = page();
    let mut sections = page.split("\n## ");
    let found = sections.find_map(|section| section.strip_prefix(title)?.strip_prefix('\n'));
    found.unwrap_or_else(|| panic!("no section `{title}`")).to_owned()
}

/// The rows of the tables in a section, without their heads.
fn rows(title: &str) -> Vec<Vec<String>> {
    let section = section(title);
    let mut rows = Vec::new();
    let mut is_body = false;
    for line in section.lines() {
        match line.strip_prefix('|').and_then(|row| row.strip_suffix('|')) {
            Some(row) if row.starts_with("---") => is_body = true,
            Some(row) if is_body => rows.push(row.split('|').map(|cell| cell.trim().to_owned()).collect()),
            Some(_) => {}
            None => is_body = false,
        }
    }
    rows
}

/// Names of parameters, and whether each is mandatory; `Name1-15` stands for fifteen.
fn parameters(cell: &str) -> BTreeMap<String, bool> {
    let mut parameters = BTreeMap::new();
    for word in cell.split_whitespace() {
        let name = word.trim_matches('*');
        let is_mandatory = name != word;
        match name
            .split_once("1-")
            .and_then(|(stem, last)| Some((stem, last.parse::<u32>().ok()?)))
        {
            Some((stem, last)) => parameters.extend((1..=last).map(|number| (format!("{stem}{number}"), is_mandatory))),
            None => {
                parameters.insert(name.to_owned(), is_mandatory);
            }
        }
    }
    parameters
}

/// `GET /a/b(c='{d}')/{e}` as the code writes it: `GET /a/b/{}/{}`.
fn general(operation: &str) -> String {
    let segments = operation.split('/').map(|segment| match segment.split_once('(') {
        Some((name, _)) => format!("{name}/{{}}"),
        None if segment.starts_with('{') => "{}".to_owned(),
        None => segment.to_owned(),
    });
    segments.collect::<Vec<_>>().join("/")
}

/// The failures that a section names; `F-73 to F-86` are all between them that exist.
fn failures(title: &str) -> BTreeSet<String> {
    let section = section(title).replace('\n', " ");
    let mut found: BTreeSet<String> = ids(&section).into_iter().collect();
    for (at, _) in section.match_indices(" to F-") {
        let (before, after) = section.split_at(at);
        let first = ids(before).pop().and_then(|id| number(&id)).expect("a range begins with a failure");
        let last = ids(after).first().and_then(|id| number(id)).expect("a range ends with a failure");
        let between = (first..=last).map(|number| format!("F-{number:02}"));
        found.extend(between.filter(|id| migrate::find_failure(id).is_some()));
    }
    found
}

fn ids(text: &str) -> Vec<String> {
    // A number begins a word: `UTF-8` holds none.
    let starts = text
        .match_indices("F-")
        .filter(|(at, _)| !text[..*at].ends_with(char::is_alphanumeric));
    let ids = starts.map(|(at, _)| &text[at..]).map(|rest| {
        let digits = rest[2..].chars().take_while(char::is_ascii_digit).count();
        let letter = rest[2 + digits..].chars().next().is_some_and(|letter| letter.is_ascii_lowercase());
        (digits > 0).then(|| rest[..2 + digits + usize::from(letter)].to_owned())
    });
    ids.flatten().collect()
}

fn number(id: &str) -> Option<u32> {
    id.strip_prefix("F-")?.parse().ok()
}
