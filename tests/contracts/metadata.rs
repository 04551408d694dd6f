//! The metadata of Graph (CSDL): types and their properties. It is newer than the OpenAPI description and says which may be null.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::events::BytesStart;
use quick_xml::events::Event;

/// One property.
#[derive(Debug, Clone)]
pub struct Property {
    /// Such as `Edm.String` or `Collection(graph.assignedLicense)`.
    pub kind: String,
    /// Whether it may be null.
    pub is_nullable: bool,
}

#[derive(Debug, Default)]
struct Type {
    base: Option<String>,
    properties: HashMap<String, Property>,
}

/// All types by their names without namespace.
#[derive(Debug, Default)]
pub struct Metadata {
    types: HashMap<String, Type>,
}

impl Metadata {
    /// Reads the document.
    pub fn parse(xml: &str) -> Self {
        let mut metadata = Self::default();
        let mut reader = Reader::from_str(xml);
        let mut open: Option<String> = None;
        loop {
            match reader.read_event().expect("the metadata is XML") {
                Event::Eof => return metadata,
                Event::Start(tag) | Event::Empty(tag) => match tag.local_name().as_ref() {
                    "EntityType" | "ComplexType" => {
                        let name = attribute(&tag, "Name").expect("a type has a name");
                        let base = attribute(&tag, "BaseType").map(|base| unqualified(&base).to_owned());
                        metadata.types.insert(name.clone(), Type { base, ..Type::default() });
                        open = Some(name);
                    }
                    "EnumType" | "Action" | "Function" => open = None,
                    "Property" | "NavigationProperty" => {
                        let Some(of) = open.as_ref().and_then(|name| metadata.types.get_mut(name)) else {
                            continue;
                        };
                        let property = Property {
                            kind: attribute(&tag, "Type").expect("a property has a type"),
                            is_nullable: attribute(&tag, "Nullable").as_deref() != Some("false"),
                        };
                        of.properties
                            .insert(attribute(&tag, "Name").expect("a property has a name"), property);
                    }
                    _ => {}
                },
                _ => {}
            }
        }
    }

    /// Whether there is such a type.
    pub fn knows(&self, name: &str) -> bool {
        self.types.contains_key(unqualified(name))
    }

    /// The property of a type or of what it is derived from.
    pub fn property(&self, of: &str, name: &str) -> Option<&Property> {
        let of = self.types.get(unqualified(of))?;
        let inherited = || self.property(of.base.as_ref()?, name);
        of.properties.get(name).or_else(inherited)
    }
}

/// A type's name without `microsoft.graph.`, `graph.` or `#`.
pub fn unqualified(name: &str) -> &str {
    let name = name.trim_start_matches('#');
    let name = name.strip_prefix("microsoft.graph.").unwrap_or(name);
    name.strip_prefix("graph.").unwrap_or(name)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.try_get_attribute(name).expect("attributes are well-formed")?;
    Some(found.value.into_owned())
}
