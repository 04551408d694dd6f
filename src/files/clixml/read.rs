//! Reading CLIXML.

use std::collections::HashMap;
use std::path::Path;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;
use serde_json::Map;
use serde_json::Value;

use crate::files::FileError;
use crate::files::Place;
use crate::files::clixml::names;
use crate::files::decode;
use crate::model::KeyCache;
use crate::model::Record;

/// PowerShell itself stops far earlier; deeper files are damaged or hostile.
const DEEPEST: usize = 64;

/// The objects in a file written by `Export-Clixml`. A list that was exported as one object counts as its entries; a bare value
/// becomes a record with the property `Value`.
pub fn read(path: &Path) -> Result<Vec<Record>, FileError> {
    let bytes = std::fs::read(path).map_err(|cause| FileError::unreadable(path, cause))?;
    parse(path, bytes)
}

/// The objects in `bytes`; `path` is for messages.
pub fn parse(path: &Path, bytes: Vec<u8>) -> Result<Vec<Record>, FileError> {
    let text = decode::text(path, bytes)?;
    let mut parser = Parser {
        path,
        text: &text,
        reader: Reader::from_str(&text),
        seen: HashMap::new(),
    };
    parser.document()
}

struct Parser<'a> {
    path: &'a Path,
    text: &'a str,
    reader: Reader<&'a [u8]>,
    seen: HashMap<String, Value>,
}

/// An opening tag that matters: its name, the property name in `N`, and its `RefId`.
struct Tag {
    kind: String,
    name: Option<String>,
    reference: Option<String>,
    is_empty: bool,
}

/// The parts of an `Obj` element.
#[derive(Default)]
struct Parts {
    shown: Option<String>,
    properties: Option<Map<String, Value>>,
    /// Whether properties were added by PowerShell (`MS`), which makes it a made-up object whose shown text says nothing.
    is_made_up: bool,
    list: Option<Vec<Value>>,
    bare: Option<Value>,
}

impl Parts {
    fn into_value(self) -> Value {
        match self {
            Parts { list: Some(list), .. } => Value::Array(list),
            // An enum is its number with the name beside it.
            Parts {
                bare: Some(Value::Number(_)),
                shown: Some(shown),
                ..
            } => Value::String(shown),
            Parts { bare: Some(bare), .. } => bare,
            Parts {
                shown: Some(shown),
                is_made_up: false,
                ..
            } => Value::String(shown),
            Parts {
                properties: Some(properties),
                ..
            } => Value::Object(properties),
            Parts { shown: Some(shown), .. } => Value::String(shown),
            _ => Value::Null,
        }
    }
}

impl Parser<'_> {
    fn document(&mut self) -> Result<Vec<Record>, FileError> {
        match self.next_tag()? {
            Some(root) if root.kind == "Objs" && !root.is_empty => {}
            Some(root) if root.kind == "Objs" => return Ok(Vec::new()),
            _ => {
                let error = FileError::malformed(self.path, self.place(0), "not a PowerShell object file: `Objs` is missing");
                return Err(error.with_remedy("write it with `Export-Clixml`"));
            }
        }
        let mut keys = KeyCache::default();
        let mut records = Vec::new();
        while let Some(tag) = self.next_tag()? {
            let values = match self.top(tag)? {
                Value::Array(values) => values,
                value => vec![value],
            };
            for value in values {
                records.push(match value {
                    Value::Object(map) => keys.record(map),
                    other => Record::default().with("Value", other),
                });
            }
        }
        Ok(records)
    }

    /// A top-level object keeps its properties even when PowerShell can show it as text.
    fn top(&mut self, tag: Tag) -> Result<Value, FileError> {
        if tag.kind != "Obj" || tag.is_empty {
            return self.value(tag, 0);
        }
        let mut parts = self.parts(1)?;
        if parts.list.is_none()
            && let Some(properties) = parts.properties.take()
        {
            return Ok(self.remember(tag, Value::Object(properties)));
        }
        Ok(self.remember(tag, parts.into_value()))
    }

    fn value(&mut self, tag: Tag, depth: usize) -> Result<Value, FileError> {
        match tag.kind.as_str() {
            "Obj" if tag.is_empty => Ok(Value::Null),
            "Obj" => {
                let value = self.parts(depth + 1)?.into_value();
                Ok(self.remember(tag, value))
            }
            "Ref" => {
                self.skip(&tag)?;
                Ok(tag.reference.and_then(|id| self.seen.get(&id).cloned()).unwrap_or_default())
            }
            // A secure string is encrypted for one Windows account; it is of no use to anyone else.
            "Nil" | "SS" => {
                self.skip(&tag)?;
                Ok(Value::Null)
            }
            _ => {
                let text = if tag.is_empty { String::new() } else { self.content()? };
                self.bare(&tag.kind, text)
            }
        }
    }

    fn bare(&self, kind: &str, text: String) -> Result<Value, FileError> {
        let unreadable = || self.malformed(format!("`{text}` is not a value of type `{kind}`"));
        Ok(match kind {
            "S" | "XD" | "SBK" | "URI" => names::decode(&text).into(),
            "G" | "DT" | "TS" | "Version" | "BA" => text.into(),
            "B" => text.trim().to_lowercase().parse::<bool>().map_err(|_| unreadable())?.into(),
            "C" => {
                let code = text.trim().parse::<u32>().map_err(|_| unreadable())?;
                char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).to_string().into()
            }
            "By" | "SB" | "I16" | "U16" | "I32" | "U32" | "I64" | "U64" | "Db" | "Sg" | "D" => {
                number(text.trim()).ok_or_else(unreadable)?
            }
            other => return Err(self.malformed(format!("the element `{other}` is not known"))),
        })
    }

    /// Reads up to the end of an `Obj`.
    fn parts(&mut self, depth: usize) -> Result<Parts, FileError> {
        if depth > DEEPEST {
            return Err(self.malformed("objects are nested too deeply".into()));
        }
        let mut parts = Parts::default();
        while let Some(tag) = self.next_tag()? {
            match tag.kind.as_str() {
                "TN" | "TNRef" => self.skip(&tag)?,
                "ToString" => {
                    parts.shown = Some(if tag.is_empty {
                        String::new()
                    } else {
                        names::decode(&self.content()?)
                    })
                }
                "Props" | "MS" => {
                    parts.is_made_up |= tag.kind == "MS";
                    let properties = self.properties(&tag, depth)?;
                    parts.properties.get_or_insert_default().extend(properties);
                }
                "LST" | "IE" | "QUE" | "STK" => parts.list = Some(self.list(&tag, depth)?),
                "DCT" => {
                    parts.is_made_up = true;
                    parts.properties = Some(self.dictionary(&tag, depth)?);
                }
                _ => parts.bare = Some(self.value(tag, depth)?),
            }
        }
        Ok(parts)
    }

    fn properties(&mut self, parent: &Tag, depth: usize) -> Result<Map<String, Value>, FileError> {
        let mut map = Map::new();
        while let Some(mut tag) = self.next_child(parent)? {
            let name = tag
                .name
                .take()
                .ok_or_else(|| self.malformed(format!("a property of type `{}` has no name", tag.kind)))?;
            let value = self.value(tag, depth)?;
            map.insert(name, value);
        }
        Ok(map)
    }

    fn list(&mut self, parent: &Tag, depth: usize) -> Result<Vec<Value>, FileError> {
        let mut list = Vec::new();
        while let Some(tag) = self.next_child(parent)? {
            list.push(self.value(tag, depth)?);
        }
        Ok(list)
    }

    /// Entries are `<En>` with a value named `Key` and one named `Value`.
    fn dictionary(&mut self, parent: &Tag, depth: usize) -> Result<Map<String, Value>, FileError> {
        let mut map = Map::new();
        while let Some(entry) = self.next_child(parent)? {
            let mut pair = self.properties(&entry, depth)?;
            let key = match pair.remove("Key") {
                Some(Value::String(key)) => key,
                other => other.unwrap_or_default().to_string(),
            };
            map.insert(key, pair.remove("Value").unwrap_or_default());
        }
        Ok(map)
    }

    fn next_child(&mut self, parent: &Tag) -> Result<Option<Tag>, FileError> {
        if parent.is_empty { Ok(None) } else { self.next_tag() }
    }

    /// The next opening tag, or `None` at the closing tag of the element that is being read.
    fn next_tag(&mut self) -> Result<Option<Tag>, FileError> {
        loop {
            match self.event()? {
                Event::Start(start) => return self.tag(&start, false).map(Some),
                Event::Empty(start) => return self.tag(&start, true).map(Some),
                Event::End(_) => return Ok(None),
                Event::Eof => return Err(self.cut_off()),
                Event::Text(text) if !text.trim().is_empty() => {
                    return Err(self.malformed(format!("`{}` stands between elements", text.trim())));
                }
                _ => {}
            }
        }
    }

    /// The text up to the closing tag.
    fn content(&mut self) -> Result<String, FileError> {
        let mut content = String::new();
        loop {
            match self.event()? {
                Event::Text(text) => content.push_str(&text.xml10_content()),
                Event::CData(text) => content.push_str(&text.xml10_content()),
                Event::GeneralRef(entity) => {
                    let character = entity.resolve_char_ref().map_err(|error| self.malformed(error.to_string()))?;
                    match character {
                        Some(character) => content.push(character),
                        None => {
                            let known = quick_xml::escape::resolve_predefined_entity(&entity);
                            content.push_str(known.ok_or_else(|| self.malformed(format!("the entity `{}` is not known", &*entity)))?);
                        }
                    }
                }
                Event::End(_) => return Ok(content),
                Event::Start(start) | Event::Empty(start) => {
                    let name = String::from_utf8_lossy(start.name().as_ref().as_ref()).into_owned();
                    return Err(self.malformed(format!("`{name}` stands inside a text")));
                }
                Event::Eof => return Err(self.cut_off()),
                _ => {}
            }
        }
    }

    fn skip(&mut self, tag: &Tag) -> Result<(), FileError> {
        let mut open = usize::from(!tag.is_empty);
        while open > 0 {
            match self.event()? {
                Event::Start(_) => open += 1,
                Event::End(_) => open -= 1,
                Event::Eof => return Err(self.cut_off()),
                _ => {}
            }
        }
        Ok(())
    }

    fn event(&mut self) -> Result<Event<'static>, FileError> {
        let event = self.reader.read_event().map(Event::into_owned);
        event.map_err(|error| {
            let offset = self.reader.error_position() as usize;
            // A tag that never ends means the same as a missing one: the file was cut off.
            if matches!(error, quick_xml::Error::Syntax(_)) {
                return self.cut_off();
            }
            FileError::malformed(self.path, self.place(offset), format!("not XML: {error}"))
        })
    }

    fn tag(&self, start: &BytesStart<'_>, is_empty: bool) -> Result<Tag, FileError> {
        let attribute = |name: &str| -> Result<Option<String>, FileError> {
            let found = start.try_get_attribute(name).map_err(|error| self.malformed(error.to_string()))?;
            let text = found
                .map(|found| found.normalized_value(XmlVersion::Implicit1_0).map(std::borrow::Cow::into_owned))
                .transpose();
            text.map_err(|error| self.malformed(error.to_string()))
        };
        Ok(Tag {
            kind: String::from_utf8_lossy(start.local_name().as_ref().as_ref()).into_owned(),
            name: attribute("N")?.map(|name| names::decode(&name)),
            reference: attribute("RefId")?,
            is_empty,
        })
    }

    fn remember(&mut self, tag: Tag, value: Value) -> Value {
        if let Some(id) = tag.reference {
            self.seen.insert(id, value.clone());
        }
        value
    }

    fn place(&self, offset: usize) -> Place {
        Place::of_offset(self.text, offset)
    }

    fn malformed(&self, what: String) -> FileError {
        FileError::malformed(self.path, self.place(self.reader.buffer_position() as usize), what)
    }

    fn cut_off(&self) -> FileError {
        let place = self.place(self.text.trim_end().len());
        FileError::malformed(self.path, place, "the file ends in the middle of an object").with_remedy("export it again; it was cut off")
    }
}

fn number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    if let Ok(whole) = text.parse::<u64>() {
        return Some(whole.into());
    }
    let fraction: f64 = text.parse().ok()?;
    // JSON has no infinity; its name is kept.
    Some(serde_json::Number::from_f64(fraction).map_or_else(|| text.into(), Value::Number))
}
