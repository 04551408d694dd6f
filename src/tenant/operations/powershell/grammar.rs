//! A grammar of PowerShell that no one here wrote.

use std::collections::BTreeSet;

use tree_sitter::Node;
use tree_sitter::Parser;
use tree_sitter::Tree;

fn parsed(script: &str) -> Tree {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_powershell::LANGUAGE.into())
        .expect("grammar and parser fit");
    let tree = parser.parse(script, None).expect("no time limit is set");
    if let Some(fault) = fault(tree.root_node()) {
        panic!("line {}: {}\n{script}", fault.start_position().row + 1, fault.to_sexp());
    }
    tree
}

fn fault(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_error() || node.is_missing() {
        return Some(node);
    }
    node.children(&mut node.walk()).find_map(fault)
}

/// The names of the commands that a script calls.
pub(super) fn commands(script: &str) -> BTreeSet<String> {
    let tree = parsed(script);
    let mut found = BTreeSet::new();
    gather(tree.root_node(), script, &mut found);
    found
}

fn gather(node: Node<'_>, script: &str, found: &mut BTreeSet<String>) {
    if node.kind() == "command_name" {
        found.insert(script[node.byte_range()].to_owned());
    }
    for child in node.children(&mut node.walk()) {
        gather(child, script, found);
    }
}

#[test]
#[should_panic(expected = "line 2")]
fn what_is_no_powershell_is_noticed() {
    parsed("$x = 1\n$parameters = @{ Name = 'it's' }\n");
}
