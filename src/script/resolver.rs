//! Where `import` finds modules: `std/NAME` inside the binary, anything else in the script's folder, from which no `..` and no link
//! leads out.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::Mutex;

use rhai::Engine;
use rhai::EvalAltResult;
use rhai::Module;
use rhai::ModuleResolver;
use rhai::ParseError;
use rhai::Position;
use rhai::Scope;

use crate::script::bundled::modules;
use crate::script::captures;
use crate::script::host::Host;
use crate::script::host::lock;
use crate::script::thrown::Thrown;
use crate::script::thrown::invalid;

/// Resolves and keeps the modules of one run.
pub(super) struct Modules {
    host: Arc<Host>,
    /// The script's folder; a bundled script has none and imports only `std/`.
    folder: Option<PathBuf>,
    known: Mutex<HashMap<String, Arc<Module>>>,
}

impl Modules {
    pub fn new(host: Arc<Host>, folder: Option<PathBuf>) -> Self {
        Self {
            host,
            folder,
            known: Mutex::default(),
        }
    }

    /// The module's text, and its name in messages.
    fn text(&self, path: &str) -> Option<(String, String)> {
        if let Some(name) = path.strip_prefix("std/") {
            let (_, text) = modules().iter().find(|(known, _)| *known == name)?;
            return Some((format!("{path}.rhai"), (*text).to_owned()));
        }
        // Of a script in the working folder the folder's name is empty.
        let folder = self.folder.as_ref()?;
        let folder = fs::canonicalize(Path::new(".").join(folder)).ok()?;
        let file = fs::canonicalize(folder.join(format!("{path}.rhai"))).ok()?;
        let text = file.starts_with(&folder).then(|| fs::read_to_string(file).ok())??;
        Some((format!("{path}.rhai"), text))
    }
}

impl ModuleResolver for Modules {
    fn resolve(&self, engine: &Engine, _: Option<&str>, path: &str, position: Position) -> Result<Arc<Module>, Box<EvalAltResult>> {
        if let Some(known) = lock(&self.known).get(path) {
            return Ok(known.clone());
        }
        let Some((file, text)) = self.text(path) else {
            return Err(EvalAltResult::ErrorModuleNotFound(path.to_owned(), position).into());
        };
        let inside = |error: Box<EvalAltResult>| Box::new(EvalAltResult::ErrorInModule(file.clone(), error, position));
        let mut scope = Scope::new();
        scope.push_constant("args", ());
        let mut ast = engine
            .compile_with_scope(&scope, &text)
            .map_err(|ParseError(problem, position)| inside(EvalAltResult::ErrorParsing(*problem, position).into()))?;
        ast.set_source(file.as_str());
        let writes = captures::find(&ast);
        self.host.learn(&ast, text.into(), writes.clone());
        if let Some(write) = writes.iter().find(|write| write.is_parallel) {
            let error = Thrown::from(invalid(write.explain()).with_code("captured_write"));
            return Err(inside(
                EvalAltResult::ErrorRuntime(rhai::Dynamic::from(error), write.position).into(),
            ));
        }
        let module: Arc<Module> = Module::eval_ast_as_new(Scope::new(), &ast, engine).map_err(inside)?.into();
        lock(&self.known).insert(path.to_owned(), module.clone());
        Ok(module)
    }
}
