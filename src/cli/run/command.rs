//! The command line of one script, made from its `PARAMS`, so that `--help`, missing flags and near misses read as everywhere.

use std::collections::BTreeMap;
use std::ffi::OsString;

use clap::Arg;
use clap::ArgAction;
use clap::ArgMatches;
use clap::Args;
use clap::Command;
use clap::FromArgMatches;
use clap::parser::ValueSource;

use crate::cli::Failure;
use crate::cli::HostFlags;
use crate::script::ArgValue;
use crate::script::Param;
use crate::script::ParamType;
use crate::script::Script;

/// What was given on the command line.
pub struct Given {
    /// The flags of the program.
    pub host: HostFlags,
    /// The texts of each parameter that was given.
    pub texts: BTreeMap<String, Vec<String>>,
}

/// Reads the arguments that follow the script's name.
pub fn parse(script: &Script, arguments: &[OsString]) -> Result<Given, Failure> {
    let matches = command(script).try_get_matches_from(arguments).map_err(Failure::Usage)?;
    let host = HostFlags::from_arg_matches(&matches).map_err(Failure::Usage)?;
    let texts = script.params.iter().filter_map(|param| given(&matches, param)).collect();
    Ok(Given { host, texts })
}

fn given(matches: &ArgMatches, param: &Param) -> Option<(String, Vec<String>)> {
    let is_given = matches.value_source(&param.name) == Some(ValueSource::CommandLine);
    let texts = matches.get_many::<String>(&param.name).filter(|_| is_given)?;
    Some((param.name.clone(), texts.cloned().collect()))
}

fn command(script: &Script) -> Command {
    let help = Arg::new("help")
        .short('h')
        .long("help")
        .action(ArgAction::Help)
        .help("Print help")
        .help_heading("Host options");
    let command = Command::new(script.name.clone()).no_binary_name(true).disable_help_flag(true);
    let command = command.args(script.params.iter().map(flag));
    // The texts come last: the program's flags bring a description of their own.
    HostFlags::augment_args(command)
        .arg(help)
        .bin_name(format!("xtenant run {}", script.name))
        .about(script.help.text.clone())
        .after_help(writes(script))
}

fn flag(param: &Param) -> Arg {
    let heading = match param.is_required() {
        true => "Required",
        false => "Optional",
    };
    let flag = Arg::new(param.name.clone())
        .long(param.flag())
        .help(help(param))
        .help_heading(heading)
        .required(param.is_required())
        .value_name(value_name(param));
    match param.kind {
        ParamType::Bool => flag
            .num_args(0..=1)
            .require_equals(true)
            .default_missing_value("true")
            .hide_possible_values(true),
        ParamType::List => flag.num_args(1..).action(ArgAction::Append),
        ParamType::Float | ParamType::Int => flag.allow_negative_numbers(true),
        _ => flag,
    }
}

fn help(param: &Param) -> String {
    let mut help = param.help.clone();
    if param.kind == ParamType::Secret {
        help.push_str(&format!(" [{}]", param.expected()));
    }
    if !param.choices.is_empty() {
        help.push_str(&format!(" [choices: {}]", param.choices.join(", ")));
    }
    match &param.value {
        None | Some(ArgValue::Absent | ArgValue::Bool(false)) => {}
        Some(value) => help.push_str(&format!(" [default: {}]", text(value))),
    }
    help
}

fn value_name(param: &Param) -> String {
    match param.kind {
        ParamType::String | ParamType::List => "TEXT".to_owned(),
        ParamType::Int | ParamType::Float => "NUMBER".to_owned(),
        ParamType::Bool => "true|false".to_owned(),
        ParamType::Tenant => "PROFILE".to_owned(),
        ParamType::DateTime => "TIME".to_owned(),
        ParamType::Secret => "env:NAME|file:PATH|-".to_owned(),
        kind => kind.as_str().to_uppercase(),
    }
}

fn text(value: &ArgValue) -> String {
    match value {
        ArgValue::Absent => String::new(),
        ArgValue::Text(text) | ArgValue::Tenant(text) => text.clone(),
        ArgValue::Int(number) => number.to_string(),
        ArgValue::Float(number) => number.to_string(),
        ArgValue::Bool(flag) => flag.to_string(),
        ArgValue::List(items) => items.join(", "),
        ArgValue::Path(path) => path.display().to_string(),
        ArgValue::Time(time) => time.to_string(),
        ArgValue::Secret(_) => "[secret]".to_owned(),
    }
}

fn writes(script: &Script) -> String {
    if script.writes.is_empty() {
        return "It changes nothing in any tenant.".to_owned();
    }
    let grants = script
        .writes
        .iter()
        .map(|(param, service, impact)| format!("  --{}: {service} ({impact})", param.replace('_', "-")));
    format!("It may change:\n{}", grants.collect::<Vec<_>>().join("\n"))
}
