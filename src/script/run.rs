//! `run`: one execution of a script.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;

use rhai::Dynamic;
use rhai::Engine;
use rhai::EvalAltResult;
use rhai::Map;
use rhai::Scope;
use serde_json::Value;
use tokio::runtime::Handle;

use crate::change::Gate;
use crate::model::Kind;
use crate::model::Trouble;
use crate::platform::Clock;
use crate::platform::SystemClock;
use crate::script::ArgValue;
use crate::script::Console;
use crate::script::Limits;
use crate::script::ParamType;
use crate::script::Script;
use crate::script::ScriptFailure;
use crate::script::Stop;
use crate::script::api;
use crate::script::api::secret::Secret;
use crate::script::api::tenant::TenantHandle;
use crate::script::api::time::Time;
use crate::script::engine;
use crate::script::engine::Exit;
use crate::script::host::Host;
use crate::script::jail::Jail;
use crate::script::load::missing;
use crate::script::resolver::Modules;
use crate::script::thrown::invalid;
use crate::tenant::Tenant;

/// The stack of a thread that runs scripts: enough for the deepest calls that the limits allow, also in a debug build.
pub(super) const SCRIPT_STACK_BYTES: usize = 16 << 20;

/// The exit status when items failed that the script never looked at.
const PARTLY_FAILED: u8 = 4;

/// What a script runs with.
pub struct Run {
    /// The open tenants by parameter name.
    pub tenants: BTreeMap<String, Tenant>,
    /// The values of the parameters, as `Script::arguments` gives them.
    pub args: BTreeMap<String, ArgValue>,
    /// The gate that every write passes.
    pub gate: Arc<Gate>,
    /// Where words go.
    pub console: Arc<dyn Console>,
    /// The runtime of the async core; the caller is none of its workers.
    pub handle: Handle,
    /// The folder that relative paths start from and below which files may be reached.
    pub working_folder: PathBuf,
    /// What the run may use up.
    pub limits: Limits,
    /// Ends the run from outside.
    pub stop: Stop,
    /// The clock to wait by; `None` takes that of the tenants, or wall time without any.
    pub clock: Option<Arc<dyn Clock>>,
}

impl Run {
    /// A run without tenants and arguments, with the usual limits.
    pub fn new(gate: Arc<Gate>, console: Arc<dyn Console>, handle: Handle, working_folder: PathBuf) -> Self {
        Self {
            tenants: BTreeMap::new(),
            args: BTreeMap::new(),
            gate,
            console,
            handle,
            working_folder,
            limits: Limits::default(),
            stop: Stop::default(),
            clock: None,
        }
    }
}

/// How a script came to its end.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The value of the last expression.
    pub value: Value,
    /// The exit status: 0, or what the script chose, or 4 when items failed that it never looked at.
    pub exit: u8,
    /// How many items failed that the script never looked at.
    pub failed_items: u64,
}

/// Runs `script` on a thread with a stack of its own and returns when it has ended.
pub fn run(script: &Script, run: Run) -> Result<Outcome, ScriptFailure> {
    let defect = |message: &str| ScriptFailure {
        is_usage: false,
        ..ScriptFailure::without_place(&script.name, Trouble::new(Kind::Internal, message))
    };
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("script".into()).stack_size(SCRIPT_STACK_BYTES);
        let running = thread.spawn_scoped(scope, || execute(script, run));
        let running = running.map_err(|error| defect(&format!("no thread could be had for the script: {error}")))?;
        running.join().unwrap_or_else(|_| Err(defect("the host of the script broke down")))
    })
}

fn execute(script: &Script, mut run: Run) -> Result<Outcome, ScriptFailure> {
    let usage = |trouble: Trouble| ScriptFailure::without_place(&script.name, trouble);
    refuse_same_tenant(&run).map_err(usage)?;
    for param in &script.params {
        if let (None, Some(value)) = (run.args.get(&param.name), &param.value) {
            run.args.insert(param.name.clone(), value.clone());
        }
    }
    let clock = run
        .clock
        .take()
        .or_else(|| Some(run.tenants.values().next()?.connection().clock().clone()));
    let host = Arc::new(Host::new(
        run.gate.clone(),
        run.console.clone(),
        clock.unwrap_or_else(|| Arc::new(SystemClock)),
        run.handle.clone(),
        jail(script, &run),
        run.stop.clone(),
    ));
    host.learn(&script.ast, script.source.clone(), script.captured_writes.iter().cloned());
    let arguments = arguments(script, &run, &host).map_err(usage)?;
    let engine = Arc::new(engine(&host, &run, script, arguments));
    host.set_engine(&engine);

    let fail = |error: Box<EvalAltResult>| ScriptFailure::of_run(script.file_name(), *error, |file| host.source(file));
    let ended = match engine.eval_ast_with_scope::<Dynamic>(&mut Scope::new(), &script.ast) {
        Ok(value) => Ok((host.to_json(&value).map_err(usage)?, None)),
        Err(error) => match exit(&error) {
            Some(exit) => Ok((host.to_json(&exit.value).map_err(usage)?, Some(exit.status))),
            None => Err(fail(error)),
        },
    };
    let failed_items = host.unseen_failures();
    let (value, chosen) = ended?;
    Ok(Outcome {
        value,
        exit: chosen.unwrap_or(if failed_items > 0 { PARTLY_FAILED } else { 0 }),
        failed_items,
    })
}

/// An engine with everything that scripts see, for this run.
pub(super) fn engine(host: &Arc<Host>, run: &Run, script: &Script, arguments: Map) -> Engine {
    let mut engine = engine::for_running(&run.limits, run.stop.clone());
    api::register(&mut engine, host);
    let folder = script.path.as_ref().and_then(|path| path.parent()).map(PathBuf::from);
    engine.set_module_resolver(Modules::new(host.clone(), folder));
    show_everywhere(&mut engine, "args", arguments.into());
    engine
}

/// Functions see neither the scope nor constants, and closures capture only what is in the scope; a resolver reaches them all.
///
/// It also hands out captured tenants as copies. Otherwise `source.find_mailboxes().parallel(8, |m| source.get_user(m))` would be
/// refused as a data race: Rhai holds the variable that a chain begins with until the chain has ended.
#[expect(deprecated, reason = "rhai marks the hook as volatile in this way; it is not deprecated")]
fn show_everywhere(engine: &mut Engine, name: &'static str, value: Dynamic) {
    engine.on_var(move |wanted, _, context| {
        if wanted == name {
            return Ok(Some(value.clone()));
        }
        let captured = context.scope().get(wanted).filter(|value| value.is_shared());
        let tenant = captured.and_then(|value| value.read_lock::<TenantHandle>().map(|tenant| tenant.clone()));
        Ok(tenant.map(Dynamic::from))
    });
}

fn jail(script: &Script, run: &Run) -> Jail {
    let mut jail = Jail::around(&run.working_folder);
    for param in &script.params {
        match (param.kind, run.args.get(&param.name)) {
            (ParamType::File, Some(ArgValue::Path(path))) => jail.let_file(path),
            (ParamType::Dir, Some(ArgValue::Path(path))) => jail.let_folder(path),
            _ => {}
        }
    }
    jail
}

fn arguments(script: &Script, run: &Run, host: &Arc<Host>) -> Result<Map, Trouble> {
    let mut map = Map::new();
    for param in &script.params {
        let value = run
            .args
            .get(&param.name)
            .or(param.value.as_ref())
            .ok_or_else(|| missing(script, param))?;
        let value = match value {
            ArgValue::Absent => Dynamic::UNIT,
            ArgValue::Text(text) => text.clone().into(),
            ArgValue::Int(number) => (*number).into(),
            ArgValue::Float(number) => (*number).into(),
            ArgValue::Bool(flag) => (*flag).into(),
            ArgValue::List(items) => items.iter().cloned().map(Dynamic::from).collect::<rhai::Array>().into(),
            ArgValue::Path(path) => path.to_string_lossy().into_owned().into(),
            ArgValue::Time(time) => Dynamic::from(Time(*time)),
            ArgValue::Secret(secret) => Dynamic::from(Secret(secret.clone())),
            ArgValue::Tenant(profile) => {
                let tenant = run.tenants.get(&param.name);
                let tenant = tenant.ok_or_else(|| invalid(format!("tenant `{profile}` of `--{}` was not opened", param.flag())))?;
                Dynamic::from(TenantHandle::new(tenant.clone(), host.clone()))
            }
        };
        map.insert(param.name.as_str().into(), value);
    }
    Ok(map)
}

/// A migration from a tenant to itself is never meant, whatever the two profiles are called.
fn refuse_same_tenant(run: &Run) -> Result<(), Trouble> {
    let tags: Vec<_> = run.tenants.iter().map(|(param, tenant)| (param, tenant.tag())).collect();
    for (at, (param, tag)) in tags.iter().enumerate() {
        if let Some((other, _)) = tags[..at].iter().find(|(_, other)| other.id == tag.id) {
            let message = format!("`--{other}` and `--{param}` are the same tenant, {} ({})", tag.domain, tag.id);
            return Err(Trouble::new(Kind::Conflict, message)
                .with_code("same_tenant")
                .with_remedy("name the profiles of two tenants; `xtenant profiles` shows them")
                .in_tenant(&tag.name));
        }
    }
    Ok(())
}

fn exit(error: &EvalAltResult) -> Option<Exit> {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => exit(inner),
        EvalAltResult::ErrorTerminated(token, _) => token.read_lock::<Exit>().map(|exit| exit.clone()),
        _ => None,
    }
}
