//! `xtenant sandbox fault`: ordering faults, and what came of them.

mod shown;

use std::path::Path;
use std::time::Duration;

use clap::Args;
use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use clap::builder::TypedValueParser;
use serde_json::Value;
use serde_json::json;

use super::advance;
use super::trouble;
use crate::cli::Failure;
use crate::cli::Host;
use crate::output;
use crate::sandbox::Cut;
use crate::sandbox::Effect;
use crate::sandbox::FaultSpec;
use crate::sandbox::Sandbox;
use crate::sandbox::Service;

/// What follows `xtenant sandbox fault`.
#[derive(Subcommand)]
pub enum FaultAction {
    /// Order a fault: which calls it is about, then what happens to them
    Add(Box<AddArgs>),
    /// Show the faults, what came of them, and the throttled clients that came back too early
    List,
    /// Forget faults, all of them if no number is given
    Clear {
        /// Numbers of faults
        #[arg(value_name = "ID")]
        ids: Vec<u64>,
    },
}

/// What follows `xtenant sandbox fault add`.
#[derive(Args)]
#[command(subcommand_value_name = "EFFECT", subcommand_help_heading = "Effects")]
pub struct AddArgs {
    /// Service that is asked
    #[arg(long, value_parser = PossibleValuesParser::new(Service::ALL.map(Service::name)).map(|name| service(&name)))]
    service: Service,
    /// Tenant, by name, domain or id [default: all]
    #[arg(long)]
    tenant: Option<String>,
    /// Cmdlet, or method and path such as "GET /users/{id}"; `*` stands for anything [default: all]
    #[arg(long, value_name = "PATTERN")]
    operation: Option<String>,
    /// Identity, name, id or part of the path; `*` stands for anything [default: all]
    #[arg(long, value_name = "PATTERN")]
    object: Option<String>,
    /// How often it happens [default: without end]
    #[arg(long, value_name = "N")]
    count: Option<u64>,
    /// How many calls pass first
    #[arg(long, value_name = "N", default_value_t = 0)]
    skip: u64,
    /// How likely it is for each call, from 0 to 1 [default: certain]
    #[arg(long, value_name = "P")]
    probability: Option<f64>,
    /// Number that decides which calls the probability picks; the same number picks the same ones
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    #[command(subcommand)]
    effect: EffectArgs,
}

#[derive(Subcommand)]
enum EffectArgs {
    /// Refuse the call as one too many; a client that comes back too early is refused again and put on record
    Throttle {
        /// Seconds for which the client is to stay away
        #[arg(long, value_name = "SECONDS", default_value = "30", value_parser = seconds)]
        retry_after: Duration,
        /// Leave it to the client how long it stays away
        #[arg(long, conflicts_with = "retry_after")]
        no_retry_after: bool,
    },
    /// Answer that the service is not available
    Unavailable {
        /// Seconds for which the client is to stay away [default: left to the client]
        #[arg(long, value_name = "SECONDS", value_parser = seconds)]
        retry_after: Option<Duration>,
    },
    /// Close the connection in place of a reply
    Cut(CutArgs),
    /// Hold the reply back
    Slow {
        /// How long, such as 2s
        #[arg(value_parser = advance::duration)]
        delay: Duration,
        /// That long for each item of a batch
        #[arg(long)]
        per_item: bool,
    },
    /// Refuse the token as one whose time is over
    ExpiredToken,
    /// Ask for a token with more claims, of clients that declared `cp1`; for others the token is over
    ClaimsChallenge,
    /// Refuse the link to a further page as too old
    PageExpired,
    /// Refuse the call in any other way
    Error {
        /// HTTP status from 400 to 599
        #[arg(long)]
        status: u16,
        /// Code; of Exchange the exception's type, of Entra the error or the AADSTS number
        #[arg(long)]
        code: String,
        /// Text
        #[arg(long, default_value = "This was ordered by `xtenant sandbox fault`.")]
        message: String,
    },
}

#[derive(Args)]
#[group(required = true, multiple = false)]
struct CutArgs {
    /// Before the work is done
    #[arg(long)]
    before: bool,
    /// After the work was done
    #[arg(long)]
    after: bool,
}

/// Orders, shows or forgets faults.
pub async fn fault(host: &Host, folder: &Path, action: FaultAction) -> Result<(), Failure> {
    let sandbox = Sandbox::open(folder).await.map_err(trouble)?;
    let screen = &host.screen;
    match action {
        FaultAction::Add(args) => {
            let added = sandbox.add_fault((*args).into()).await.map_err(trouble)?;
            match screen.is_json() {
                true => screen.data(&shown::json(&added).to_string()),
                false => screen.data(&format!("fault {}: {}", added.id, shown::sentence(&added.spec))),
            }
        }
        FaultAction::List => {
            let faults = sandbox.faults().await.map_err(trouble)?;
            if screen.is_json() {
                screen.data(&faults.iter().map(shown::json).collect::<Value>().to_string());
                return Ok(());
            }
            if faults.is_empty() {
                screen.remark("no fault is ordered");
                return Ok(());
            }
            screen.data(&output::table(&shown::rows(&faults), screen.width()));
            let early = shown::early(&faults);
            if !early.is_empty() {
                screen.data("\ncame back too early:\n");
                screen.data(&output::table(&early, screen.width()));
            }
        }
        FaultAction::Clear { ids } => {
            let gone = sandbox.clear_faults(&ids).await.map_err(trouble)?;
            match screen.is_json() {
                true => screen.data(&json!({ "cleared": gone }).to_string()),
                false => screen.remark(&match gone.len() {
                    1 => "1 fault forgotten".to_owned(),
                    count => format!("{count} faults forgotten"),
                }),
            }
        }
    }
    Ok(())
}

impl From<AddArgs> for FaultSpec {
    fn from(args: AddArgs) -> Self {
        Self {
            service: args.service,
            tenant: args.tenant,
            operation: args.operation,
            object: args.object,
            count: args.count,
            skip: args.skip,
            probability: args.probability,
            seed: args.seed,
            effect: args.effect.into(),
        }
    }
}

impl From<EffectArgs> for Effect {
    fn from(args: EffectArgs) -> Self {
        match args {
            EffectArgs::Throttle {
                retry_after,
                no_retry_after,
            } => Self::Throttle {
                retry_after: (!no_retry_after).then_some(retry_after),
            },
            EffectArgs::Unavailable { retry_after } => Self::Unavailable { retry_after },
            EffectArgs::Cut(args) => Self::Cut {
                when: if args.after { Cut::After } else { Cut::Before },
            },
            EffectArgs::Slow { delay, per_item } => Self::Slow { delay, per_item },
            EffectArgs::ExpiredToken => Self::ExpiredToken,
            EffectArgs::ClaimsChallenge => Self::ClaimsChallenge,
            EffectArgs::PageExpired => Self::PageExpired,
            EffectArgs::Error { status, code, message } => Self::Error { status, code, message },
        }
    }
}

fn service(name: &str) -> Service {
    let named = Service::ALL.into_iter().find(|service| service.name() == name);
    named.expect("only their names are accepted")
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text.parse().map_err(|_| "expected a number of seconds".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|_| "expected a number of seconds from 0 on".to_owned())
}
