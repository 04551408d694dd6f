//! What `Export-Clixml` writes is read back, and the other way round.

use std::path::Path;

use proptest::prelude::*;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::files::clixml::parse;
use crate::files::clixml::read;
use crate::files::clixml::write::to_text;
use crate::model::Record;

fn parse_text(text: &str) -> Result<Vec<Record>, String> {
    parse(Path::new("users.xml"), text.as_bytes().to_vec()).map_err(|error| error.to_string())
}

#[test]
fn a_file_of_powershell_is_read_property_by_property() {
    let rows = read(Path::new("tests/fixtures/users.clixml")).expect("read");

    let lara = &rows[0];
    assert_eq!(rows.len(), 3);
    assert_eq!(lara.text("PrimarySMTPAddress"), Some("Lara.Newton@contoso.com"));
    assert_eq!(lara.text("ExchangeGuid"), Some("1ec059c7-8396-4d0b-af4e-d6bd4c12a8d8"));
    assert_eq!(lara.list("EmailAddresses").len(), 3);
    assert_eq!(lara.get("Office"), Some(&Value::Null));
    assert_eq!(lara.text("RecipientTypeDetails"), Some("UserMailbox"));
    assert_eq!(lara.text("ProhibitSendQuota"), Some("99 GB (106,300,440,576 bytes)"));
    assert_eq!(lara.flag("LitigationHoldEnabled"), Some(false));
    assert_eq!(rows[1].text("DisplayName"), Some("Jörg Müller & Söhne <Ä>"));
    assert_eq!(rows[1].text("Notes"), Some("first line\r\nsecond line, literally _x000D_ and 😀"));
    assert_eq!(rows[1].list("ManagedBy"), rows[0].list("ManagedBy"));
    assert_eq!(rows[2].get("InPlaceHolds"), Some(&json!([])));
    assert_eq!(rows[2].get("ForwardingMap"), Some(&json!({"deliver": true, "count": 2})));
}

#[test]
fn a_file_cut_off_anywhere_is_refused_with_its_place() {
    let whole = std::fs::read_to_string("tests/fixtures/users.clixml").expect("the fixture");
    let half = &whole[..whole.char_indices().nth(whole.chars().count() / 2).expect("a middle").0];

    let error = parse_text(half).expect_err("cut off");

    let lines = half.trim_end().lines().count();
    assert!(error.starts_with(&format!("users.xml:{lines}:")), "{error}");
    assert!(error.ends_with("the file ends in the middle of an object"), "{error}");
}

#[test]
fn other_files_are_not_taken_for_powershell_objects() {
    let html = parse_text("<html><body/></html>").expect_err("not CLIXML");
    let crossed = parse_text("<Objs>\n  <Obj><MS></Obj></MS>\n</Objs>").expect_err("not XML");
    let strange = parse_text("<Objs>\n<Obj><MS><I32 N=\"a\">x</I32></MS></Obj></Objs>").expect_err("no number");

    assert_eq!(html, "users.xml:1:1: not a PowerShell object file: `Objs` is missing");
    assert!(crossed.starts_with("users.xml:2:"), "{crossed}");
    assert!(
        strange.starts_with("users.xml:2:") && strange.ends_with("`x` is not a value of type `I32`"),
        "{strange}"
    );
}

#[test]
fn windows_powershell_files_in_utf16_are_read() {
    let bytes: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("<Objs><S>Zoë</S></Objs>".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();

    let rows = parse(Path::new("users.xml"), bytes).expect("read");

    assert_eq!(rows[0].text("Value"), Some("Zoë"));
}

#[test]
fn endless_nesting_is_refused() {
    let deep = format!("<Objs>{}", "<Obj><LST>".repeat(10_000));

    assert!(parse_text(&deep).expect_err("too deep").ends_with("objects are nested too deeply"));
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1.0e9..1.0e9).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[_xX0-9A-F<&>\r\n]{0,16}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[A-Za-z_ \"]{1,8}", inner, 0..4).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_object_comes_back(rows in prop::collection::vec(prop::collection::btree_map("[a-z_ä]{1,8}", values(), 0..5), 0..4)) {
        let rows: Vec<Record> = rows.into_iter().map(|map| map.into_iter().collect::<Map<_, _>>().into()).collect();

        prop_assert_eq!(parse_text(&to_text(&rows)), Ok(rows));
    }
}
