//! Writing CLIXML, in the shape of `Select-Object ... | Export-Clixml`.

use std::fmt::Write;
use std::path::Path;

use serde_json::Map;
use serde_json::Value;
use uuid::Uuid;

use crate::files::FileError;
use crate::files::clixml::names;
use crate::files::write_atomically;
use crate::model::Record;

const OBJECT: Kind = Kind {
    reference: 0,
    types: &["System.Management.Automation.PSCustomObject", "System.Object"],
};
const LIST: Kind = Kind {
    reference: 1,
    types: &["System.Object[]", "System.Array", "System.Object"],
};

/// The type names of an element: spelled out the first time, then referred to.
struct Kind {
    reference: usize,
    types: &'static [&'static str],
}

/// Writes objects so that `Import-Clixml` of Windows PowerShell and PowerShell 7 reads them.
pub fn write(path: &Path, rows: &[Record]) -> Result<(), FileError> {
    write_atomically(path, to_text(rows).as_bytes())
}

pub(super) fn to_text(rows: &[Record]) -> String {
    let mut writer = Writer {
        // The mark makes Windows PowerShell 5.1 read UTF-8.
        out: "\u{FEFF}<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">\r\n".into(),
        next_id: 0,
        spelled: [false; 2],
        depth: 1,
    };
    for row in rows {
        writer.object(None, &row.to_map());
    }
    writer.out.push_str("</Objs>");
    writer.out
}

struct Writer {
    out: String,
    next_id: usize,
    spelled: [bool; 2],
    depth: usize,
}

impl Writer {
    fn line(&mut self, text: &str) {
        let _ = write!(self.out, "{:indent$}{text}\r\n", "", indent = 2 * self.depth);
    }

    fn value(&mut self, name: Option<&str>, value: &Value) {
        let attribute = name.map_or_else(String::new, |name| format!(" N=\"{}\"", names::encode(name)));
        let (kind, text) = match value {
            Value::Null => return self.line(&format!("<Nil{attribute} />")),
            Value::Array(items) => return self.list(name, items),
            Value::Object(map) => return self.object(name, map),
            Value::Bool(flag) => ("B", flag.to_string()),
            Value::Number(number) => (number_kind(number), number.to_string()),
            Value::String(text) if is_guid(name, text) => ("G", text.clone()),
            Value::String(text) => ("S", names::encode(text)),
        };
        self.line(&format!("<{kind}{attribute}>{text}</{kind}>"));
    }

    fn object(&mut self, name: Option<&str>, map: &Map<String, Value>) {
        self.element(name, &OBJECT, "MS", |writer| {
            for (name, value) in map {
                writer.value(Some(name), value);
            }
        });
    }

    fn list(&mut self, name: Option<&str>, items: &[Value]) {
        self.element(name, &LIST, "LST", |writer| {
            for item in items {
                writer.value(None, item);
            }
        });
    }

    fn element(&mut self, name: Option<&str>, kind: &Kind, inner: &str, fill: impl FnOnce(&mut Self)) {
        let attribute = name.map_or_else(String::new, |name| format!(" N=\"{}\"", names::encode(name)));
        self.line(&format!("<Obj{attribute} RefId=\"{}\">", self.next_id));
        self.next_id += 1;
        self.depth += 1;
        let id = kind.reference;
        if std::mem::replace(&mut self.spelled[id], true) {
            self.line(&format!("<TNRef RefId=\"{id}\" />"));
        } else {
            let types: String = kind.types.iter().map(|name| format!("<T>{name}</T>")).collect();
            self.line(&format!("<TN RefId=\"{id}\">{types}</TN>"));
        }
        self.line(&format!("<{inner}>"));
        self.depth += 1;
        fill(self);
        self.depth -= 1;
        self.line(&format!("</{inner}>"));
        self.depth -= 1;
        self.line("</Obj>");
    }
}

fn number_kind(number: &serde_json::Number) -> &'static str {
    match number.as_i64() {
        Some(whole) if i32::try_from(whole).is_ok() => "I32",
        Some(_) => "I64",
        None if number.is_u64() => "U64",
        None => "Db",
    }
}

/// Only properties that are named as GUIDs become one; a display name that looks like one stays a text.
fn is_guid(name: Option<&str>, text: &str) -> bool {
    let is_named_so = name.is_some_and(|name| name.ends_with("Guid"));
    is_named_so && Uuid::try_parse(text).is_ok_and(|guid| guid.to_string() == text)
}
