//! The list of everything scripts can call, for the generated reference, completion and "did you mean".

use std::path::Path;
use std::sync::Arc;

use rhai::Engine;
use tokio::runtime::Builder;

use crate::change::Gate;
use crate::change::Mode;
use crate::change::Permissions;
use crate::model::Record;
use crate::platform::SystemClock;
use crate::script::Console;
use crate::script::Progress;
use crate::script::Stop;
use crate::script::api;
use crate::script::host::Host;
use crate::script::jail::Jail;

/// One function as scripts see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionHelp {
    /// What it belongs to, such as `Files`.
    pub topic: &'static str,
    /// The name; a property is called `.name`.
    pub name: String,
    /// The parameters, each as `name: type`.
    pub parameters: Vec<String>,
    /// The type it gives, empty when it gives nothing.
    pub returns: String,
    /// What it does.
    pub help: String,
}

impl FunctionHelp {
    /// The function as a line: `target.get_mailbox(identity: string) -> Object`.
    pub fn signature(&self) -> String {
        let returns = match self.returns.as_str() {
            "" | "()" => String::new(),
            kind => format!(" -> {kind}"),
        };
        format!("{}({}){returns}", self.name, self.parameters.join(", "))
    }
}

/// Everything that scripts can call beyond Rhai's own, by topic and name.
pub fn functions() -> std::io::Result<Vec<FunctionHelp>> {
    let runtime = Builder::new_current_thread().build()?;
    let gate = Arc::new(Gate::new(Mode::WhatIf, Permissions::none(), |_| {}));
    let clock = Arc::new(SystemClock);
    let jail = Jail::around(Path::new("."));
    let host = Arc::new(Host::new(
        gate,
        Arc::new(Silent),
        clock,
        runtime.handle().clone(),
        jail,
        Stop::default(),
    ));
    let topics = api::TOPICS.iter().flat_map(|(topic, register)| {
        let mut engine = Engine::new_raw();
        register(&mut engine, &host);
        of_engine(&engine, topic)
    });
    Ok(topics.collect())
}

/// A console that nobody looks at.
struct Silent;

impl Console for Silent {
    fn print(&self, _: &str) {}

    fn note(&self, _: &str) {}

    fn table(&self, _: &[Record]) {}

    fn progress(&self, _: &str, _: Option<u64>) -> Box<dyn Progress> {
        Box::new(Silent)
    }
}

impl Progress for Silent {
    fn advance(&self, _: u64) {}

    fn say(&self, _: &str) {}

    fn finish(&self) {}
}

fn of_engine(engine: &Engine, topic: &'static str) -> Vec<FunctionHelp> {
    let mut list = engine.collect_fn_metadata(
        None,
        |info| {
            let meta = info.metadata;
            let name = match meta.name.strip_prefix("get$") {
                Some(property) => format!(".{property}"),
                None if meta.name.contains('$') || meta.comments.is_empty() => return None,
                None => meta.name.to_string(),
            };
            let parameters: Vec<String> = meta.params_info.iter().take(meta.num_params).map(ToString::to_string).collect();
            let returns = meta.return_type.to_string();
            let help = meta
                .comments
                .iter()
                .map(|line| line.trim_start_matches("///").trim())
                .collect::<Vec<_>>()
                .join(" ");
            Some(FunctionHelp {
                topic,
                name,
                parameters,
                returns,
                help,
            })
        },
        false,
    );
    list.sort_by(|a, b| (&a.name, &a.parameters).cmp(&(&b.name, &b.parameters)));
    list.dedup();
    list
}
