//! User files that cannot be used: the file is named, with line and column where there is one.

use super::desk::Desk;

const EXPORT: &str = "run export-attributes --source contoso --out out.csv";
const IMPORT: &str = "run import-attributes --target northwind --upn-domain northwind.com --users";
const MIGRATE: &str = "run migrate --target northwind --name wave1 --users";

#[test]
fn a_list_of_users_that_cannot_be_read_is_refused() {
    let desk = Desk::new();
    for (content, says) in [
        (
            &b"EmailAddress\nZo\xEB@northwind.com\n"[..],
            &["users.csv:2: the text is neither UTF-8 nor UTF-16", "save it as UTF-8"][..],
        ),
        (b"", &["users.csv:1: the file is empty"]),
        (b"EmailAddress\n\n", &["users.csv names nobody"]),
        (b"EmailAddress,Name\na@northwind.com\n", &["users.csv:2: the row has 1 field"]),
        (
            b"EmailAddress,Name\r\n\"a@northwind.com\",\"A\r\nb@northwind.com,B\r\n",
            &["users.csv:2: a quote that is opened"],
        ),
        (
            b"Mail,Name\na@northwind.com,A\n",
            &[
                "users.csv:1: there is none of the columns EmailAddress",
                "its columns are Mail, Name",
            ],
        ),
        (
            b"EmailAddress\na@northwind.com\nb@northwind.com\nA@Northwind.com\n",
            &["users.csv names A@Northwind.com twice: rows 1 and 3", "remove one of the two rows"],
        ),
    ] {
        desk.northwind.write("users.csv", content);
        desk.refuses(&format!("{MIGRATE} users.csv"), 1, says);
    }
    desk.refuses(
        &format!("{MIGRATE} nowhere.csv"),
        1,
        &["could not read `nowhere.csv`", "No such file", "check the name"],
    );
    desk.refuses(&format!("{MIGRATE} ."), 1, &["could not read `.`"]);
}

#[test]
fn an_export_that_cannot_be_imported_is_refused() {
    let desk = Desk::new();
    desk.contoso.write("people.txt", "LaraN\nZoeM\n");
    desk.contoso
        .types("run export-attributes --source contoso --users people.txt --out users.csv")
        .succeeds();
    desk.contoso.sends("users.csv", &desk.northwind);
    let good = desk.northwind.read("users.csv");
    let lara = good.lines().nth(1).expect("Lara is exported");

    desk.northwind.write("twice.csv", format!("{good}{lara}\r\n"));
    desk.refuses(
        &format!("{IMPORT} twice.csv"),
        1,
        &["twice.csv names Lara.Newton@contoso.com twice: rows 1 and 3"],
    );
    desk.northwind.write("lacking.csv", good.replace("ExchangeGuid", "Guid"));
    desk.refuses(
        &format!("{IMPORT} lacking.csv"),
        1,
        &["lacking.csv:1: the column `ExchangeGuid` is missing"],
    );
    desk.northwind.write("wrong.csv", good.replace("1ec059c7-8396", "1ec059c7"));
    desk.refuses(
        &format!("{IMPORT} wrong.csv"),
        1,
        &["`1ec059c7-4d0b-af4e-d6bd4c12a8d8` in `ExchangeGuid`", "is no GUID"],
    );

    let by_map = "run import-attributes --target northwind --users users.csv --domain-map domains.csv";
    for (map, says) in [
        (
            "source;destination\ncontoso.com;northwind.com\n",
            "domains.csv:1: the column `target` is missing",
        ),
        (
            "source,target\nfabrikam.com,northwind.com\n",
            "nothing says what becomes of `contoso.com`",
        ),
        (
            "source,target\ncontoso.com,fabrikam.com\n",
            "`fabrikam.com` is not an accepted domain of the target tenant",
        ),
        (
            "source,target\ncontoso.com,northwind.com\nContoso.com,northwindtraders.onmicrosoft.com\n",
            "the domain map sends `contoso.com` both to",
        ),
    ] {
        desk.northwind.write("domains.csv", map);
        desk.refuses(by_map, 1, &[says]);
    }
    desk.refuses(
        "run import-attributes --target northwind --users users.csv",
        1,
        &["no domain for the new users", "give --domain-map or --upn-domain"],
    );
    desk.refuses(
        &format!("{IMPORT} users.csv --mark Colour=blue"),
        2,
        &["`--mark` must match", "got `Colour=blue`"],
    );
}

#[test]
fn clixml_that_was_cut_off_is_refused_at_its_end() {
    let desk = Desk::new();
    let whole = include_str!("../fixtures/users.clixml");
    let middle = whole.find("Newton").expect("Lara is in it") + 3;
    let cut = &whole[..middle];
    let (line, column) = (cut.lines().count(), cut.lines().last().expect("a line").chars().count() + 1);

    desk.northwind.write("users.xml", cut);

    desk.refuses(
        &format!("{IMPORT} users.xml"),
        1,
        &[
            &format!("users.xml:{line}:{column}: the file ends in the middle"),
            "export it again; it was cut off",
        ],
    );
}

#[test]
fn json_that_is_none_is_refused_at_its_place() {
    let desk = Desk::new();
    desk.northwind.write("users.json", "[{\"Alias\": \"LaraN\"},\n {\"Alias\": }]");
    desk.refuses(&format!("{IMPORT} users.json"), 1, &["users.json:2:12: not JSON"]);
    desk.northwind.write("users.json", "[1]");
    desk.refuses(&format!("{IMPORT} users.json"), 1, &["users.json:1: entry 1 is not an object"]);
}

#[test]
fn mailboxes_to_export_must_be_named_in_one_way_and_be_there() {
    let desk = Desk::new();
    desk.contoso.write("people.csv", "Mail\nLaraN\n");
    for (given, says) in [
        (
            "",
            &["name the mailboxes in exactly one way", "give --filter, --group or --users"][..],
        ),
        (
            "--filter \"Alias -eq 'LaraN'\" --group Movers",
            &["name the mailboxes in exactly one way"],
        ),
        ("--filter \"Alias -eq 'nobody'\"", &["no mailbox to export", "nothing was written"]),
        ("--filter \"Alias -equals 'LaraN'\"", &["Invalid filter syntax"]),
        ("--filter \"Alias -eq 'LaraN\"", &["Invalid filter syntax"]),
        ("--group Nobody", &["'Nobody' couldn't be found", "tenant `contoso`"]),
        ("--users people.csv", &["people.csv:1: there is none of the columns SourceUser"]),
    ] {
        desk.refuses(format!("{EXPORT} {given}").trim_end(), 1, says);
    }
    let elsewhere = |out: &str| format!("run export-attributes --source contoso --filter \"Alias -eq 'LaraN'\" --out {out}");
    desk.refuses(&elsewhere("users.pdf"), 2, &["`--out` must match", "got `users.pdf`"]);
    desk.refuses(
        &elsewhere("nowhere/users.csv"),
        1,
        &["could not write `nowhere/users.csv`", "make its folder first"],
    );
}
