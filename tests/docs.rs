//! What the documentation says, done: its scripts run as they stand, its commands and flags exist, its links lead somewhere.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;
use xtenant::script;

use crate::common::Administrator;
use crate::common::Site;
use crate::common::pages::blocks;
use crate::common::pages::commands;
use crate::common::pages::flags;
use crate::common::pages::pages;
use crate::common::pages::read;
use crate::common::pages::spans;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const GUIDE: &str = "docs/scripting.md";

/// Words of a command that stand for something else; such a command is a pattern.
const PATTERNS: &[&str] = &["...", "NAME", "X"];

#[test]
fn the_scripts_of_the_guide_run_as_they_stand() {
    let site = Site::new();
    let person = site.beginner();
    let mut unused = BTreeSet::new();

    for block in blocks(GUIDE) {
        if block.language == "sh" {
            for command in commands(&block.text) {
                unused.retain(|name| !command.contains(name));
                person.runs(&borrowed(&command)).succeeds();
            }
            continue;
        }
        let name = block
            .file
            .unwrap_or_else(|| panic!("{GUIDE}: this block has no name:\n{}", block.text));
        person.write(&name, &block.text);
        if block.language == "rhai" {
            unused.insert(name);
        }
    }

    assert!(unused.is_empty(), "{GUIDE} never runs {unused:?}");
}

#[test]
fn the_guide_tells_the_truth_about_outcomes_and_failed_items() {
    let site = Site::new();
    let person = site.beginner();
    for block in blocks(GUIDE).into_iter().filter(|block| block.language != "sh") {
        person.write(&block.file.expect("every block has a name"), block.text);
    }
    let pilot: &[&str] = &["run", "pilot.rhai", "--target", "northwind", "--json"];

    let first = person.runs(pilot).json();
    let second = person.runs(pilot).json();
    let delegates = person.runs(&["run", "delegates.rhai", "--source", "contoso", "--users", "users.txt", "--json"]);

    assert_eq!((&first["made"], &first["marked"]), (&json!("created"), &json!("updated")));
    assert_eq!((&second["made"], &second["marked"]), (&json!("unchanged"), &json!("unchanged")));
    delegates.succeeds().says("nobody@contoso.com: ").says("(not_found)");
    assert_eq!(delegates.json().as_array().map(Vec::len), Some(2));
}

#[test]
fn the_largest_mailboxes_come_first() {
    let site = Site::new();
    let person = site.beginner();
    let bytes = "bytes_in(tenant.get_mailbox_statistics(m).TotalItemSize)";
    let sizes = site.contoso().sees(&format!(
        "tenant.find_mailboxes(\"CustomAttribute1 -eq 'ProjectKermit'\").map(|m| [{bytes}, m.PrimarySmtpAddress]).to_array()"
    ));
    let mut sizes: Vec<_> = sizes
        .as_array()
        .expect("a list")
        .iter()
        .map(|pair| (pair[0].as_i64(), pair[1].clone()))
        .collect();
    sizes.sort_by_key(|(bytes, _)| std::cmp::Reverse(*bytes));

    let ran = example(&person, &["mailbox-sizes.rhai", "--source", "contoso", "--largest", "5", "--json"]);

    let shown: Vec<_> = ran.as_array().expect("a list").iter().map(|row| row["mailbox"].clone()).collect();
    assert_eq!(shown, sizes.into_iter().take(5).map(|(_, mailbox)| mailbox).collect::<Vec<_>>());
}

#[test]
fn mailusers_that_exist_already_are_stamped_once() {
    let site = Site::new();
    let person = site.beginner();
    person.write(
        "made-elsewhere.rhai",
        "const PARAMS = #{ target: #{ type: \"tenant\" } };\nconst WRITES = #{ target: #{ exchange: \"medium\" } };\n\
         args.target.new_mailuser(#{ Name: \"Lara Newton\", MicrosoftOnlineServicesID: \"Lara.Newton@northwind.com\", \
         ExternalEmailAddress: \"LaraN@contoso.onmicrosoft.com\", Password: random_password() }).outcome",
    );
    person.runs(&["run", "made-elsewhere.rhai", "--target", "northwind"]).succeeds();
    person.write("pairs.csv", "SourceUser,TargetUser\r\nLaraN,Lara.Newton@northwind.com\r\n");
    let stamp = [
        "stamp-attributes.rhai",
        "--source",
        "contoso",
        "--target",
        "northwind",
        "--users",
        "pairs.csv",
        "--json",
    ];

    let first = example(&person, &stamp);
    let second = example(&person, &stamp);

    assert_eq!(
        (&first[0]["outcome"], &second[0]["outcome"]),
        (&json!("updated"), &json!("unchanged"))
    );
    let user = site
        .northwind()
        .sees("tenant.get_mailuser(\"Lara.Newton@northwind.com\").select([\"ExchangeGuid\", \"EmailAddresses\"])");
    assert_eq!(user["ExchangeGuid"], "1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8");
    let history = "X500:/o=First Organization/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/\
                   cn=d11ec1a2cacd4f81858c81907273f1f9-Lara";
    assert!(
        user["EmailAddresses"].as_array().expect("a list").contains(&json!(history)),
        "{user}"
    );
}

#[test]
fn whoever_is_in_no_scope_group_is_reported_with_status_3() {
    let site = Site::new();
    let person = site.beginner();
    bring_examples(&person);
    let gaps: &[&str] = &[
        "run",
        "scope-gaps.rhai",
        "--source",
        "contoso",
        "--scope-group",
        "Kermit Scope",
        "--json",
    ];

    let ran = person.runs(gaps);

    // The population has one mailbox that is to move and that nobody put in scope.
    assert_eq!(
        ran.ends_with(3).json(),
        json!([{ "mailbox": "Otto.Outram@contoso.com", "name": "Otto Outram" }])
    );
}

#[test]
fn every_command_in_the_documentation_is_understood() {
    let site = Site::empty();
    let person = site.beginner();
    bring_examples(&person);
    for page in pages().iter().filter(|page| *page != GUIDE) {
        let spans = spans(page).into_iter().filter(|span| span.starts_with("xtenant "));
        let blocks = blocks(page)
            .into_iter()
            .filter(|block| block.language == "sh")
            .map(|block| block.text);
        for command in blocks.chain(spans).flat_map(|text| commands(&text)) {
            if command.iter().any(|word| PATTERNS.contains(&word.as_str())) {
                continue;
            }
            let mut asking = borrowed(&command);
            asking.push("--help");
            person.runs(&asking).succeeds();
            understood(page, &command);
        }
    }
}

/// The help of a command and of all commands below it.
fn helps(person: &Administrator, command: &[&str]) -> Vec<String> {
    let help = person.runs(&[command, &["--help"]].concat()).stdout().to_owned();
    let is_list = |line: &&str| ["Commands:", "Effects:"].contains(line);
    let list = help
        .lines()
        .skip_while(|line| !is_list(line))
        .skip(1)
        .take_while(|line| !line.is_empty());
    let names = list.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    let names: Vec<_> = names.filter(|name| !["", "help"].contains(name)).collect();
    let below = names.iter().flat_map(|name| helps(person, &[command, &[*name]].concat()));
    let mut all: Vec<_> = below.collect();
    all.push(help);
    all
}

#[test]
fn every_flag_in_the_documentation_exists() {
    let site = Site::empty();
    let person = site.beginner();
    let mut known = BTreeSet::new();
    for help in helps(&person, &[]) {
        known.extend(flags(&help));
    }
    let bundled = script::bundled().iter().map(|(name, text)| (*name, (*text).to_owned()));
    let guide: Vec<_> = blocks(GUIDE).into_iter().filter(|block| block.language == "rhai").collect();
    let guide = guide.iter().map(|block| ("guide", block.text.clone()));
    for (name, text) in bundled.chain(guide) {
        let script = script::load_source(name, &text).expect("it compiles");
        known.extend(script.params.iter().map(|param| format!("--{}", param.flag())));
    }

    for page in pages() {
        let lines = read(&page);
        let others = blocks(&page)
            .into_iter()
            .filter(|block| block.language == "sh" && !block.text.contains("xtenant "));
        let lines = others.fold(lines, |lines, block| lines.replace(&block.text, ""));
        let own = lines.lines().filter(|line| !line.contains("cargo ") && !line.starts_with("|--"));
        let unknown: Vec<_> = own.flat_map(flags).filter(|flag| !known.contains(flag)).collect();
        assert!(unknown.is_empty(), "{page} names flags that do not exist: {unknown:?}");
    }
}

#[test]
fn every_link_in_the_documentation_leads_somewhere() {
    for page in pages() {
        let text = read(&page);
        let folder = Path::new(ROOT).join(&page).parent().expect("a page is in a folder").to_owned();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or("");
            assert!(
                file.is_empty() || target.starts_with("http") || folder.join(file).exists(),
                "{page} links to {target}, which is not there"
            );
        }
    }
}

/// What an example gives as JSON.
fn example(person: &Administrator, arguments: &[&str]) -> serde_json::Value {
    bring_examples(person);
    let mut all = vec!["run"];
    all.extend(arguments);
    let ran = person.runs(&all);
    ran.succeeds();
    ran.json()
}

fn bring_examples(person: &Administrator) {
    for entry in fs::read_dir(Path::new(ROOT).join("examples")).expect("the folder can be listed") {
        let path = entry.expect("the entry can be read").path();
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        person.write(&name, fs::read(path).expect("the file can be read"));
    }
}

/// The flags of a bundled script must be there, typed right and complete.
fn understood(page: &str, command: &[String]) {
    let [run, name, flags @ ..] = command else { return };
    let is_bundled = script::bundled().iter().any(|(known, _)| known == name);
    if run != "run" || !is_bundled || flags.is_empty() || flags.contains(&"--help".to_owned()) {
        return;
    }
    let script = script::load(name).expect("a bundled script");
    let mut given: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut flag = None;
    for word in flags {
        match word.strip_prefix("--") {
            Some(name) => {
                flag = script
                    .params
                    .iter()
                    .find(|param| param.flag() == name)
                    .map(|param| param.name.clone());
                flag.iter().for_each(|name| given.entry(name.clone()).or_default().clear());
            }
            None => flag
                .iter()
                .for_each(|name| given.entry(name.clone()).or_default().push(word.clone())),
        }
    }
    if let Err(trouble) = script.arguments(&given) {
        panic!("{page}: xtenant {}: {}", command.join(" "), trouble.message);
    }
}

fn borrowed(words: &[String]) -> Vec<&str> {
    words.iter().map(String::as_str).collect()
}
