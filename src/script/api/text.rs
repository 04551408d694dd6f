//! Small helpers for texts and maps that Rhai lacks.

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;
use uuid::Uuid;

use super::describe;
use crate::model;
use crate::model::ByteSize;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::invalid;
use crate::script::value::from_json;

pub(super) fn register(engine: &mut Engine) {
    describe("join", &["list: array", "separator: string", "string"], "The entries as one text.").register_into_engine(engine, join);
    describe(
        "trimmed",
        &["text: string", "string"],
        "The text without white space around it; `trim` changes the variable instead.",
    )
    .register_into_engine(engine, |text: ImmutableString| text.trim().to_owned());
    describe(
        "replaced",
        &["text: string", "old: string", "new: string", "string"],
        "The text with every `old` replaced; `replace` changes the variable instead.",
    )
    .register_into_engine(engine, |text: ImmutableString, old: ImmutableString, new: ImmutableString| {
        text.replace(old.as_str(), new.as_str())
    });
    describe("lines", &["text: string", "array"], "The lines of a text.").register_into_engine(engine, |text: ImmutableString| {
        text.lines().map(|line| Dynamic::from(line.to_owned())).collect::<Array>()
    });
    describe(
        "same_text",
        &["left: string", "right: string", "bool"],
        "Whether two texts are equal but for case, as addresses, domains and ids are compared.",
    )
    .register_into_engine(engine, |left: ImmutableString, right: ImmutableString| {
        model::same_text(&left, &right)
    });
    describe(
        "nearest",
        &["text: string", "known: array", "string"],
        "The one of the known texts that is most like the text, for \"did you mean\"; `()` when none is.",
    )
    .register_into_engine(engine, |text: ImmutableString, known: Array| {
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        model::nearest(&text, known.iter().map(String::as_str)).map_or(Dynamic::UNIT, |nearest| nearest.to_owned().into())
    });
    describe(
        "domain_of",
        &["address: string", "string"],
        "What follows the `@` of an address, in lower case; empty when there is none.",
    )
    .register_into_engine(engine, |address: ImmutableString| model::domain_of(&address).unwrap_or_default());
    describe(
        "local_part",
        &["address: string", "string"],
        "What stands before the `@` of an address, without `SMTP:`.",
    )
    .register_into_engine(engine, |address: ImmutableString| {
        let bare = model::without_prefix(&address);
        model::local_part_of(bare).unwrap_or(bare).to_owned()
    });
    describe(
        "bytes_in",
        &["size: string", "int"],
        "The bytes in a size as Exchange prints it, such as `3.214 GB (3,451,013,234 bytes)`; `()` for `Unlimited`.",
    )
    .register_into_engine(engine, |size: ImmutableString| {
        let bytes = ByteSize::parse(&size).and_then(|size| i64::try_from(size.0).ok());
        bytes.map_or(Dynamic::UNIT, Dynamic::from)
    });
    describe(
        "size_text",
        &["bytes: int", "string"],
        "A number of bytes as people read it, such as `3.2 GB`.",
    )
    .register_into_engine(engine, |bytes: i64| ByteSize(u64::try_from(bytes).unwrap_or(0)).to_string());
    describe("is_guid", &["text: string", "bool"], "Whether the text is a GUID.").register_into_engine(engine, |text: ImmutableString| {
        Uuid::parse_str(text.trim().trim_matches(['{', '}'])).is_ok()
    });
    describe(
        "compact",
        &["map: map", "map"],
        "The map without the entries that are `()`, for arguments that are only sometimes given.",
    )
    .register_into_engine(engine, |map: Map| {
        map.into_iter().filter(|(_, value)| !value.is_unit()).collect::<Map>()
    });
    describe("parse_json", &["text: string", "any"], "The value that a JSON text holds.").register_into_engine(
        engine,
        |ctx: NativeCallContext, text: ImmutableString| -> Fallible<Dynamic> {
            let value: serde_json::Value = serde_json::from_str(&text)
                .map_err(|error| invalid(format!("this is no JSON: {error}")))
                .at(&ctx)?;
            Ok(from_json(&value))
        },
    );
}

fn join(ctx: NativeCallContext, list: Array, separator: ImmutableString) -> Fallible<String> {
    let texts = list.into_iter().map(|item| match item.is_string() {
        true => Ok(item.to_string()),
        false => ctx
            .call_native_fn::<ImmutableString>("to_string", (item,))
            .map(|text| text.to_string()),
    });
    Ok(texts.collect::<Fallible<Vec<String>>>()?.join(&separator))
}
