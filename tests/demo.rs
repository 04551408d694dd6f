//! `xtenant demo`.

use crate::common::Site;

/// The columns of the last table on `output` that begins with these headers.
const HEADERS: [&str; 4] = ["user", "source before", "source now", "target now"];

/// The row of `user` in the closing table. A long cell goes on in the lines below, where the first column is empty.
fn closing_row(output: &str, user: &str) -> Vec<String> {
    let lines: Vec<Vec<char>> = output.lines().map(|line| line.chars().collect()).collect();
    let text = |line: &[char]| line.iter().collect::<String>();
    let is_head = |line: &Vec<char>| HEADERS.iter().all(|header| text(line).contains(header));
    let head = lines.iter().rposition(is_head).expect("a closing table");
    let heading = text(&lines[head]);
    let starts = HEADERS.map(|header| heading.find(header).expect("it is in the line"));
    let cell = |line: &[char], column: usize| {
        let end = starts.get(column + 1).map_or(line.len(), |end| (*end).min(line.len()));
        text(line.get(starts[column]..end).unwrap_or_default()).trim().to_owned()
    };
    let from = lines
        .iter()
        .skip(head)
        .position(|line| cell(line, 0) == user)
        .expect("the user is in the table")
        + head;
    let more = lines[from + 1..]
        .iter()
        .take_while(|line| !line.is_empty() && cell(line, 0).is_empty());
    let rows: Vec<&Vec<char>> = std::iter::once(&lines[from]).chain(more).collect();
    (0..HEADERS.len())
        .map(|column| rows.iter().map(|line| cell(line, column)).collect())
        .collect()
}

#[test]
fn the_demonstration_ends_well_and_what_it_leaves_can_be_played_with() {
    let site = Site::empty();
    let person = site.beginner();

    let shown = person.runs(&["demo", "--keep", "rehearsal"]);

    shown
        .succeeds()
        .says("every question is answered with yes beforehand, as `--yes-irreversible` does")
        .says("xtenant run setup-target")
        .says("xtenant run migrate")
        .says("To go on: cd");
    let lara = closing_row(shown.stdout(), "Lara Newton");
    assert_eq!(lara[1], "UserMailbox");
    assert_eq!(lara[2].replace(' ', ""), "MailUser->LaraN@northwindtraders.onmicrosoft.com");
    assert_eq!(lara[3].replace(' ', ""), "UserMailboxLara.Newton@northwind.com");

    const LOOK: &str = "const PARAMS = #{ target: #{ type: \"tenant\", help: \"\" } };\n\
        args.target.get_mailbox(\"Lara.Newton@northwind.com\").RecipientTypeDetails\n";
    person.write("look.rhai", LOOK);
    let sandbox = person.folder().join("rehearsal/sandbox");
    let sandbox = sandbox.to_str().expect("a path in UTF-8");
    let played = person.runs_with(
        &["run", "look.rhai", "--target", "northwind", "--json"],
        &[("XTENANT_SANDBOX", sandbox)],
    );
    assert_eq!(played.succeeds().json(), "UserMailbox");
    assert!(person.has("rehearsal/outcome.csv") && person.has("rehearsal/users.csv"));
}

#[test]
fn the_classic_demonstration_stalls_on_the_closed_vault_and_gets_through() {
    let site = Site::empty();
    let person = site.beginner();

    // The classic way meets all that takes its time: vaults, roles, keys, and tokens with what was just granted.
    let shown = person.runs(&["demo", "--classic", "--replication", "2m"]);

    shown
        .succeeds()
        .says("created certificate `northwindtraders-contoso`")
        .says("created invitation `cleo@contoso.com`")
        .says("vault `nwt-xtmove-kv` relieved of an access policy")
        .says("and 20 more: ")
        .says("(F-87, target)");
    let lara = closing_row(shown.stdout(), "Lara Newton");
    assert_eq!(lara[2].replace(' ', ""), "MailUser->LaraN@northwindtraders.onmicrosoft.com");
    assert_eq!(lara[3].replace(' ', ""), "UserMailboxLara.Newton@northwind.com");
    let log: Vec<_> = shown
        .stdout()
        .lines()
        .filter(|line| line.starts_with("Office 365 Exchange Online"))
        .collect();
    for (operation, result) in [("CertificateGet", "OK"), ("SecretGet", "OK"), ("CertificateGet", "Forbidden")] {
        let is_it = |line: &&&str| line.contains(operation) && line.contains(result);
        assert!(log.iter().any(|line| is_it(&line)), "{operation} {result} is not in {log:?}");
    }
}

#[test]
fn a_folder_that_exists_is_not_filled_by_the_demonstration() {
    let site = Site::empty();
    let person = site.beginner();

    person.runs(&["demo", "--keep", "."]).ends_with(1).says("exists already");
}
