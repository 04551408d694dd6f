//! The XML of Azure Storage, of which only the texts of a few elements matter.

use quick_xml::Reader;
use quick_xml::events::Event;

/// The texts of all elements of `body` that are called one of `names`, as (name, text), in their order.
pub(super) fn texts<'n>(body: &[u8], names: &[&'n str]) -> Result<Vec<(&'n str, String)>, String> {
    let text = std::str::from_utf8(body).map_err(|error| error.to_string())?;
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let mut found: Vec<(&str, String)> = Vec::new();
    let mut is_inside = false;
    loop {
        match reader.read_event().map_err(|error| error.to_string())? {
            Event::Start(tag) => {
                let name = names.iter().find(|name| **name == tag.local_name().as_ref());
                is_inside = name.is_some();
                found.extend(name.map(|name| (*name, String::new())));
            }
            Event::End(_) => is_inside = false,
            Event::Eof => return Ok(found),
            event if is_inside => {
                let piece = match event {
                    Event::Text(text) => text.xml10_content().into_owned(),
                    Event::GeneralRef(entity) => match entity.resolve_char_ref().map_err(|error| error.to_string())? {
                        Some(character) => character.to_string(),
                        None => quick_xml::escape::resolve_predefined_entity(&entity).unwrap_or_default().to_owned(),
                    },
                    _ => String::new(),
                };
                found.last_mut().into_iter().for_each(|(_, text)| text.push_str(&piece));
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_read_past_the_byte_order_mark_with_their_escapes() {
        let body = "\u{feff}<?xml version=\"1.0\"?><R P=\"x\"><Blobs><Blob><Name>a&amp;b&#61;c</Name><Properties><Size>1</Size>\
                    </Properties></Blob></Blobs><NextMarker /></R>";

        let found = texts(body.as_bytes(), &["Name", "NextMarker"]).unwrap();

        assert_eq!(found, [("Name", "a&b=c".to_owned())]);
        assert!(texts(b"<R></S>", &["Name"]).is_err());
    }
}
