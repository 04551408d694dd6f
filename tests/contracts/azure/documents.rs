//! Swagger 2.0 as Azure publishes it: many documents that refer to each other by relative paths.

use std::collections::BTreeMap;
use std::fs;
use std::path::Component;
use std::path::Path;
use std::path::PathBuf;

use serde_json::Value;

/// All documents by their paths.
#[derive(Debug, Default)]
pub struct Documents(BTreeMap<PathBuf, Value>);

/// A place in a document, which knows where it stands, so that references from it can be followed.
#[derive(Debug, Clone, Copy)]
pub struct Part<'d> {
    documents: &'d Documents,
    file: &'d Path,
    /// What stands there.
    pub value: &'d Value,
}

impl Documents {
    /// Reads every document below `folder`, without the examples.
    pub fn read(folder: &Path) -> Self {
        let mut documents = BTreeMap::new();
        let mut open = vec![folder.to_owned()];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(&folder).expect("the folder can be listed") {
                let path = entry.expect("the entry can be read").path();
                if path.is_dir() && !path.ends_with("examples") {
                    open.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    let text = fs::read_to_string(&path).expect("a published specification can be read");
                    documents.insert(normal(&path), serde_json::from_str(&text).expect("it is JSON"));
                }
            }
        }
        Self(documents)
    }

    /// Documents that were made up.
    pub fn of<const N: usize>(documents: [(&str, Value); N]) -> Self {
        Self(documents.map(|(path, value)| (PathBuf::from(path), value)).into())
    }

    /// Each document, from its root.
    pub fn roots(&self) -> impl Iterator<Item = Part<'_>> {
        self.0.iter().map(|(file, value)| Part {
            documents: self,
            file,
            value,
        })
    }
}

impl<'d> Part<'d> {
    /// Where it stands, to read files beside it.
    pub fn file(self) -> &'d Path {
        self.file
    }

    /// What it has under that key.
    pub fn get(self, key: &str) -> Option<Self> {
        Some(self.with(self.value.get(key)?))
    }

    /// The text that it has under that key.
    pub fn text(self, key: &str) -> Option<&'d str> {
        self.value.get(key)?.as_str()
    }

    /// Whether it has that key with the value true.
    pub fn is(self, key: &str) -> bool {
        self.value.get(key) == Some(&Value::Bool(true))
    }

    /// The items of the list under that key; none when there is no list.
    pub fn list(self, key: &str) -> impl Iterator<Item = Self> {
        let items = self.value.get(key).and_then(Value::as_array).into_iter().flatten();
        items.map(move |item| self.with(item))
    }

    /// The entries of the object under that key; none when there is no object.
    pub fn entries(self, key: &str) -> impl Iterator<Item = (&'d str, Self)> {
        let entries = self.value.get(key).and_then(Value::as_object).into_iter().flatten();
        entries.map(move |(name, entry)| (name.as_str(), self.with(entry)))
    }

    /// What it refers to, or itself.
    pub fn resolved(self) -> Self {
        let Some(reference) = self.text("$ref") else { return self };
        let (file, pointer) = reference.split_once('#').unwrap_or((reference, ""));
        let file = match file {
            "" => self.file.to_owned(),
            relative => normal(&self.file.parent().expect("a document is in a folder").join(relative)),
        };
        let found = self.documents.0.get_key_value(&file).and_then(|(file, document)| {
            Some(Self {
                documents: self.documents,
                file,
                value: document.pointer(pointer)?,
            })
        });
        found.expect("references lead somewhere").resolved()
    }

    fn with(self, value: &'d Value) -> Self {
        Self { value, ..self }
    }
}

/// A path without `.` and `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if normal.file_name().is_some() => {
                normal.pop();
            }
            other => normal.push(other),
        }
    }
    normal
}
