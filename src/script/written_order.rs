//! The order in which a script writes the entries of its maps.
//!
//! Rhai's maps are sorted by name. For a table, a file or a result people expect the columns as they were written, so the order of
//! each literal is remembered by its set of names, and a map with that set gets it back when it leaves the script.

use std::collections::HashMap;

use rhai::AST;
use rhai::ASTNode;
use rhai::Expr;
use serde_json::Map;
use serde_json::Value;

use crate::model::KeyCache;
use crate::model::Record;

/// The written order by the sorted names.
#[derive(Debug, Default)]
pub(super) struct WrittenOrder(HashMap<Vec<String>, Vec<String>>);

impl WrittenOrder {
    /// Remembers the map literals of `ast`; of two with the same names the first one counts.
    pub fn learn(&mut self, ast: &AST) {
        ast.walk(&mut |path: &[ASTNode]| {
            if let Some(ASTNode::Expr(Expr::Map(map, _))) = path.last() {
                let written: Vec<String> = map.0.iter().map(|(name, _)| name.name.to_string()).collect();
                let mut sorted = written.clone();
                sorted.sort();
                if sorted != written {
                    self.0.entry(sorted).or_insert(written);
                }
            }
            true
        });
    }

    /// `value` with the entries of its maps in the order they were written in.
    pub fn restore(&self, value: Value) -> Value {
        match value {
            Value::Array(items) => items.into_iter().map(|item| self.restore(item)).collect(),
            Value::Object(members) => {
                let members = members.into_iter().map(|(name, value)| (name, self.restore(value))).collect();
                Value::Object(self.reordered(members))
            }
            other => other,
        }
    }

    /// Records with their properties in the order they were written in; those of a service keep their own.
    pub fn restore_records(&self, records: Vec<Record>) -> Vec<Record> {
        let mut keys = KeyCache::default();
        let restore = |record: Record| match record.names().is_sorted() {
            true => keys.record(self.reordered(record.to_map())),
            false => record,
        };
        records.into_iter().map(restore).collect()
    }

    fn reordered(&self, mut members: Map<String, Value>) -> Map<String, Value> {
        let names: Vec<String> = members.keys().cloned().collect();
        match self.0.get(&names) {
            Some(written) => written
                .iter()
                .filter_map(|name| Some((name.clone(), members.get_mut(name)?.take())))
                .collect(),
            None => members,
        }
    }
}
