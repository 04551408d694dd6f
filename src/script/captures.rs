//! Closures that write to what they captured, found in the syntax tree.
//!
//! Each thread of `parallel` works on its own copy of the captures, so such a write would vanish without a word. A closure
//! given to `parallel` in place is refused when the script is compiled; one that comes by a variable when it is called.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use rhai::AST;
use rhai::ASTNode;
use rhai::Expr;
use rhai::FnCallExpr;
use rhai::FnPtr;
use rhai::Position;
use rhai::Stmt;

/// Methods that change the value they are called on, also when they are called as functions.
const MUTATORS: &[&str] = &[
    "append",
    "chop",
    "clear",
    "dedup",
    "drain",
    "extract_from",
    "fill_with",
    "insert",
    "mixin",
    "pad",
    "pop",
    "push",
    "remove",
    "replace",
    "retain",
    "reverse",
    "set",
    "shift",
    "sort",
    "sort_desc",
    "splice",
    "truncate",
    "crop",
    "trim",
    "make_lower",
    "make_upper",
];

/// A write to a captured variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CapturedWrite {
    /// The closure's name in the tree, `anon$...`.
    pub closure: String,
    /// The variable.
    pub variable: String,
    /// Where the write stands.
    pub position: Position,
    /// Whether the closure is given to `parallel` in place.
    pub is_parallel: bool,
}

impl CapturedWrite {
    /// What is wrong and what to do instead.
    pub fn explain(&self) -> String {
        format!(
            "`{}` comes from outside this closure, and each thread of `parallel` has its own copy of it, so the change would be \
             lost; return a value, or use `counter()` or `collector()`",
            self.variable
        )
    }
}

/// The name under which writes to `this` are kept.
const THIS: &str = "this";

/// What one closure or function does, as far as it matters here.
#[derive(Default)]
struct Body {
    params: Vec<String>,
    captured: usize,
    writes: Vec<Write>,
    /// Closures made inside.
    inner: Vec<String>,
}

/// What may be a write to a variable.
struct Write {
    variable: String,
    position: Position,
    by: By,
}

/// What writes to a variable.
enum By {
    Assignment,
    /// A method of that name, with so many arguments.
    Method(String, usize),
    /// A function of that name, with so many arguments of which the variable is the first.
    Function(String, usize),
}

/// The script's own functions by name and number of parameters; they go before those of Rhai.
#[derive(Default)]
struct Functions {
    bodies: BTreeMap<(String, usize), Body>,
    /// Those that change the `this` they are called on.
    changing: BTreeSet<(String, usize)>,
}

impl Functions {
    fn new(bodies: BTreeMap<(String, usize), Body>) -> Self {
        let mut functions = Self {
            bodies,
            changing: BTreeSet::new(),
        };
        // One that calls another on `this` is known once the other is.
        loop {
            let is_changing = |body: &Body| body.writes.iter().any(|write| write.variable == THIS && functions.does(write));
            let found = functions.bodies.iter().filter(|(_, body)| is_changing(body));
            let changing: BTreeSet<_> = found.map(|(name, _)| name.clone()).collect();
            if changing.len() == functions.changing.len() {
                return functions;
            }
            functions.changing = changing;
        }
    }

    /// Whether the write is one.
    fn does(&self, write: &Write) -> bool {
        match &write.by {
            By::Assignment => true,
            By::Method(name, arity) => {
                let key = (name.clone(), *arity);
                match self.bodies.contains_key(&key) {
                    true => self.changing.contains(&key),
                    false => MUTATORS.contains(&name.as_str()),
                }
            }
            // A function of the script gets a copy of its argument.
            By::Function(name, arity) => MUTATORS.contains(&name.as_str()) && !self.bodies.contains_key(&(name.clone(), *arity)),
        }
    }
}

/// All closures of `ast` that write to a captured variable.
pub fn find(ast: &AST) -> Vec<CapturedWrite> {
    let mut closures: BTreeMap<String, Body> = BTreeMap::new();
    let mut functions = BTreeMap::new();
    let mut parallel = Vec::new();
    let mut made: Vec<(String, usize)> = Vec::new();
    let mut look = |node: &ASTNode, mut own: Option<&mut Body>| {
        if let Some(call) = call(node) {
            if call.name == "parallel" {
                parallel.extend(call.args.iter().filter_map(closure_of));
            }
            if let Some((name, captured)) = curried(call) {
                made.push((name.clone(), captured));
                if let Some(own) = own.as_deref_mut() {
                    own.inner.push(name);
                }
            }
        }
        if let (Some(own), Some(write)) = (own, write(node)) {
            own.writes.push(write);
        }
    };

    for stmt in ast.statements() {
        stmt.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
            path.last().inspect(|node| look(node, None));
            true
        });
    }
    for function in ast.iter_fn_def() {
        let mut own = Body {
            params: function.params.iter().map(ToString::to_string).collect(),
            ..Body::default()
        };
        // The body itself cannot be reached, but a tree of this one function can be walked. `clone_functions_only_filtered` would
        // be the short way; it copies every function, whatever the filter says, as the new tree has none yet.
        let mut alone = ast.clone_functions_only();
        alone.retain_functions(|_, _, name, arity| name == function.name && arity == function.params.len());
        alone.walk(&mut |path: &[ASTNode]| {
            path.last().inspect(|node| look(node, Some(&mut own)));
            true
        });
        match is_closure(&function.name) {
            true => _ = closures.insert(function.name.to_string(), own),
            false => _ = functions.insert((function.name.to_string(), function.params.len()), own),
        }
    }

    for (name, captured) in made {
        if let Some(closure) = closures.get_mut(&name) {
            closure.captured = captured;
        }
    }
    let functions = Functions::new(functions);
    let mut found = Vec::new();
    for name in closures.keys() {
        for write in written(&closures, &functions, name, &mut Vec::new()) {
            found.push(CapturedWrite {
                closure: name.clone(),
                variable: write.variable.clone(),
                position: write.position,
                is_parallel: parallel.contains(name),
            });
        }
    }
    found
}

fn is_closure(name: &str) -> bool {
    name.starts_with("anon$")
}

/// The writes of a closure, or of a closure made inside it, to what it captured. `seen` keeps a name from being followed twice: in
/// one script many closures may contain each other.
fn written<'a>(closures: &'a BTreeMap<String, Body>, functions: &Functions, name: &'a str, seen: &mut Vec<&'a str>) -> Vec<&'a Write> {
    let Some(closure) = closures.get(name).filter(|_| !seen.contains(&name)) else {
        return Vec::new();
    };
    seen.push(name);
    let captured = &closure.params[..closure.captured.min(closure.params.len())];
    let mut writes: Vec<&Write> = closure.writes.iter().filter(|write| functions.does(write)).collect();
    for inner in &closure.inner {
        writes.extend(written(closures, functions, inner, seen));
    }
    writes.retain(|write| captured.contains(&write.variable));
    writes
}

fn call<'a>(node: &ASTNode<'a>) -> Option<&'a FnCallExpr> {
    match node {
        ASTNode::Stmt(Stmt::FnCall(call, _)) | ASTNode::Expr(Expr::FnCall(call, _) | Expr::MethodCall(call, _)) => Some(call),
        _ => None,
    }
}

/// The closure of a `curry` call that the parser made, and how many variables it captures.
fn curried(call: &FnCallExpr) -> Option<(String, usize)> {
    let (first, captured) = call.args.split_first().filter(|_| call.name == "curry")?;
    Some((closure_of(first)?, captured.len()))
}

/// The name of the closure that an argument makes.
fn closure_of(expr: &Expr) -> Option<String> {
    match expr {
        Expr::DynamicConstant(value, _) => {
            let pointer = value.read_lock::<FnPtr>()?;
            pointer.is_anonymous().then(|| pointer.fn_name().to_owned())
        }
        Expr::FnCall(call, _) if call.name == "curry" => call.args.first().and_then(closure_of),
        Expr::Stmt(block) => block.statements().iter().find_map(|stmt| match stmt {
            Stmt::Expr(expr) => closure_of(expr),
            Stmt::FnCall(call, _) if call.name == "curry" => call.args.first().and_then(closure_of),
            _ => None,
        }),
        _ => None,
    }
}

/// What a node may write to a variable.
fn write(node: &ASTNode) -> Option<Write> {
    let (target, by) = match node {
        ASTNode::Stmt(Stmt::Assignment(assignment)) => (&assignment.1.lhs, By::Assignment),
        ASTNode::Expr(expr @ Expr::Dot(parts, ..)) => {
            let method = method(&parts.rhs)?;
            (*expr, By::Method(method.name.to_string(), method.args.len()))
        }
        ASTNode::Stmt(Stmt::FnCall(call, _)) | ASTNode::Expr(Expr::FnCall(call, _)) => {
            // A part of a variable, as in `push(a.b, x)`, is handed over as a copy.
            let first = call
                .args
                .first()
                .filter(|first| matches!(first, Expr::Variable(..) | Expr::ThisPtr(..)))?;
            (first, By::Function(call.name.to_string(), call.args.len()))
        }
        _ => return None,
    };
    Some(Write {
        variable: root_variable(target)?,
        position: target.start_position(),
        by,
    })
}

/// The method that is called on a variable or on a part of it: `a.b.push(x)` changes `a` as well; after a call as in
/// `a.b().push(x)` it is the call's own value that changes.
fn method(expr: &Expr) -> Option<&FnCallExpr> {
    match expr {
        Expr::MethodCall(call, _) => Some(call),
        Expr::Dot(parts, ..) | Expr::Index(parts, ..) if matches!(parts.lhs, Expr::Property(..)) => method(&parts.rhs),
        _ => None,
    }
}

fn root_variable(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Variable(variable, _, _) => Some(variable.1.to_string()),
        Expr::ThisPtr(_) => Some(THIS.to_owned()),
        Expr::Dot(parts, ..) | Expr::Index(parts, ..) => root_variable(&parts.lhs),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::engine;

    fn found(source: &str) -> Vec<(String, bool)> {
        let ast = engine::for_compiling().compile(source).expect("the script compiles");
        find(&ast).into_iter().map(|write| (write.variable, write.is_parallel)).collect()
    }

    #[test]
    fn writes_to_captured_variables_are_found_in_every_form() {
        for source in [
            "let total = 0; [1].parallel(2, |x| { total += x; });",
            "let list = []; [1].parallel(2, |x| list.push(x));",
            "let list = #{ a: [] }; [1].parallel(2, |x| list.a.push(x));",
            "let list = [1]; [1].parallel(2, |x| { list[0] = x; });",
            "let list = []; [1].parallel(2, |x| push(list, x));",
            "let list = []; [1].parallel(2, |x| { push(list, x); });",
            "fn keep(x) { this.push(x); } let list = []; [1].parallel(2, |x| list.keep(x));",
            "fn note(x) { this.keep(x); } fn keep(x) { this += x; } let list = []; [1].parallel(2, |x| list.note(x));",
            "let list = []; parallel([1], 2, |x| { if x > 0 { [x].for_each(|y| list.push(y)); } });",
        ] {
            let writes = found(source);
            assert!(writes.iter().any(|(_, is_parallel)| *is_parallel), "{source}: {writes:?}");
        }
    }

    #[test]
    fn reading_captures_and_writing_to_own_variables_is_fine() {
        for source in [
            "let list = [1]; [1].parallel(2, |x| list.len() + x);",
            "[1].parallel(2, |x| { let own = []; own.push(x); [2].for_each(|y| own.push(y)); own });",
            "fn push(list, x) { list + x } let list = []; [1].parallel(2, |x| push(list, x));",
            "fn set(x) { this.len() + x } let list = []; [1].parallel(2, |x| list.set(x));",
            "let list = #{ a: [] }; [1].parallel(2, |x| push(list.a, x));",
            "let seen = #{}; [1].parallel(2, |x| { x.done = true; seen.names().push(x); x });",
        ] {
            let writes = found(source);
            assert!(!writes.iter().any(|(_, is_parallel)| *is_parallel), "{source}: {writes:?}");
        }
    }

    #[test]
    fn a_closure_in_a_variable_is_found_for_the_call_to_refuse() {
        assert_eq!(
            found("let n = 0; let f = |x| { n += x; }; [1].parallel(2, f);"),
            [("n".to_owned(), false)]
        );
    }

    #[test]
    fn what_one_closure_writes_is_not_laid_at_the_door_of_another() {
        let source = "let list = []; let n = 1; [1].for_each(|x| list.push(x)); [1].parallel(2, |x| { let list = [n]; list.push(x); });";

        assert!(!found(source).iter().any(|(_, is_parallel)| *is_parallel));
    }

    #[test]
    fn a_module_with_many_closures_is_looked_through_in_no_time() {
        let closures: String = (0..40).map(|n| format!("fn f{n}(a, b) {{ a.map(|x| x + b + {n}) }}\n")).collect();

        assert_eq!(found(&closures), []);
    }
}
