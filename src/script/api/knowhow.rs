//! The know-how of a migration for scripts: what an error means, what a MailUser needs, what stands in the way. Thin: the rules
//! are in `migrate`.

use std::sync::Arc;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;
use serde_json::Value;
use uuid::Uuid;

use super::describe;
use super::object::Object;
use super::tenant::TenantHandle;
use crate::migrate;
use crate::migrate::DomainMap;
use crate::model::CertificateUrl;
use crate::model::Record;
use crate::model::Trouble;
use crate::script::api::time::Time;
use crate::script::host::Host;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::invalid;
use crate::script::value::from_json;
use crate::script::value::to_json;
use crate::script::value::to_record;
use crate::script::value::to_records;

pub(super) fn register(engine: &mut Engine, host: &Arc<Host>) {
    failures(engine);
    attributes(engine);
    findings(engine);
    certificates(engine);
    handoffs(engine, host);
}

fn failures(engine: &mut Engine) {
    describe(
        "explain_failure",
        &["text: string", "Object"],
        "What an error text of the service means: id (`F-..`), title, side, cause, remedy, then; `()` when it is not known.",
    )
    .register_into_engine(engine, |text: ImmutableString| optional(migrate::explain_failure(&text)));
    describe(
        "migration_outcomes",
        &["users: array", "array"],
        "How each migration user came out, with cause, side, remedy and what to do then.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, users: Dynamic| -> Fallible<Array> {
        Ok(objects(migrate::outcome_rows(&to_records(&users).at(&ctx)?, &[])))
    });
    describe(
        "migration_outcomes",
        &["users: array", "statistics: array", "array"],
        "How each migration user came out, with cause, side, remedy and what to do then.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, users: Dynamic, statistics: Dynamic| -> Fallible<Array> {
            Ok(objects(migrate::outcome_rows(
                &to_records(&users).at(&ctx)?,
                &to_records(&statistics).at(&ctx)?,
            )))
        },
    );
}

fn attributes(engine: &mut Engine) {
    describe(
        "exported_attributes",
        &["mailbox: Object", "user: Object", "tenant: Tenant", "Object"],
        "The row of the attribute file for a mailbox of the source tenant; names come from `get_user`.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, mailbox: Dynamic, user: Dynamic, tenant: Dynamic| -> Fallible<Object> {
            let tenant = match tenant.read_lock::<TenantHandle>() {
                Some(tenant) => {
                    let tag = tenant.tag();
                    Record::default()
                        .with("tenant_id", tag.id.to_string())
                        .with("initial_domain", tag.domain.as_str())
                }
                None => Record::default().with("initial_domain", tenant.to_string()),
            };
            let user = record_or_empty(&user).at(&ctx)?;
            Ok(Object::row(migrate::exported(&to_record(&mailbox).at(&ctx)?, &user, &tenant)))
        },
    );
    describe(
        "read_source_row",
        &["row: Object", "Object"],
        "A row of any attribute file (ours, a tenant-to-tenant CSV, PowerShell's CLIXML) in one shape.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, row: Dynamic| {
        to_record(&row).and_then(|row| migrate::source_row(&row)).map(Object::row).at(&ctx)
    });
    describe("plan_mailuser", &["row: Object", "options: map", "Object"], "The MailUser that a source row needs. Options: `domain_map` (rows with source and target) or `upn_domain` and `primary_domain`, `target_delivery_domain`, `accepted_domains`, `mark`. Stops on a source domain that is not mapped.")
        .register_into_engine(engine, |ctx: NativeCallContext, row: Dynamic, options: Dynamic| -> Fallible<Object> {
            let plan = migrate::plan_mailuser(&to_record(&row).at(&ctx)?, &to_record(&options).at(&ctx)?);
            plan.map(Object::row).at(&ctx)
        });
    describe(
        "plan_mailusers",
        &["rows: array", "options: map", "array"],
        "The MailUsers that source rows need; fails when rows cannot be planned or want the same name, id or address, and names them.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, rows: Dynamic, options: Dynamic| -> Fallible<Array> {
            Ok(objects(
                migrate::plan_mailusers(&to_records(&rows).at(&ctx)?, &to_record(&options).at(&ctx)?).at(&ctx)?,
            ))
        },
    );
    const ARGUMENTS: &str = "The part of a plan that `ensure_mailuser` takes. Of the MailUser that exists already the addresses \
                             are kept that do no harm: those of other types and in `accepted_domains` of the options.";
    describe("mailuser_arguments", &["plan: Object", "map"], ARGUMENTS)
        .register_into_engine(engine, |ctx: NativeCallContext, plan: Dynamic| {
            mailuser_arguments(&plan, &Dynamic::UNIT, &Dynamic::UNIT).at(&ctx)
        });
    describe(
        "mailuser_arguments",
        &["plan: Object", "existing: Object", "options: map", "map"],
        ARGUMENTS,
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, plan: Dynamic, existing: Dynamic, options: Dynamic| {
            mailuser_arguments(&plan, &existing, &options).at(&ctx)
        },
    );
    describe(
        "refuse_duplicates",
        &["rows: array", "columns: array"],
        "Fails when two rows have the same value in one of the columns, and names both.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, rows: Dynamic, columns: Array| -> Fallible<()> {
        let columns: Vec<String> = columns.iter().map(ToString::to_string).collect();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        migrate::refuse_duplicates(&to_records(&rows).at(&ctx)?, &columns).at(&ctx)
    });
    describe(
        "prepared_row",
        &["row: Object", "plan: Object", "outcome: string", "remedy: string", "Object"],
        "The row of the result file that `migrate` takes.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, row: Dynamic, plan: Dynamic, outcome: ImmutableString, remedy: Dynamic| -> Fallible<Object> {
            let plan = record_or_empty(&plan).at(&ctx)?;
            let remedy = remedy.into_string().unwrap_or_default();
            Ok(Object::row(migrate::prepared_row(
                &to_record(&row).at(&ctx)?,
                &plan,
                &outcome,
                &remedy,
            )))
        },
    );
    describe(
        "judge_occupant",
        &["plan: Object", "recipients: array", "users: array", "Object"],
        "What occupies the place of a planned MailUser: state, identity, matched, usable, remedy.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, plan: Dynamic, recipients: Dynamic, users: Dynamic| -> Fallible<Object> {
            let plan = to_record(&plan).at(&ctx)?;
            Ok(Object::row(migrate::judge_occupant(
                &plan,
                &to_records(&recipients).at(&ctx)?,
                &to_records(&users).at(&ctx)?,
            )))
        },
    );
    describe(
        "map_address",
        &["domain_map: array", "address: string", "string"],
        "The address in the target tenant, or `()` when its domain is not in the map.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, map: Dynamic, address: ImmutableString| -> Fallible<Dynamic> {
            let map = DomainMap::from_rows(&to_records(&map).at(&ctx)?).at(&ctx)?;
            Ok(map.map(&address).map_or(Dynamic::UNIT, Dynamic::from))
        },
    );
}

fn findings(engine: &mut Engine) {
    type Judge = fn(&Record) -> Vec<Record>;
    let sides: [(&str, Judge, &str); 2] = [
        (
            "target_setup_findings",
            migrate::target_setup,
            "Findings about the setup of the target tenant; what the map lacks is `not checked`.",
        ),
        (
            "source_setup_findings",
            migrate::source_setup,
            "Findings about the setup of the source tenant; what the map lacks is `not checked`.",
        ),
    ];
    for (name, judge, help) in sides {
        describe(name, &["seen: map", "array"], help).register_into_engine(engine, move |ctx: NativeCallContext, seen: Dynamic| {
            to_record(&seen).map(|seen| objects(judge(&seen))).at(&ctx)
        });
    }
    describe(
        "judged_endpoint",
        &["seen: map", "Object"],
        "The migration endpoint that `target_setup_findings` judges, by `endpoints`, `application_id` and `key_vault_url`; `()` when none is the \
         application's or the partner's.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, seen: Dynamic| {
        to_record(&seen).map(|seen| optional(migrate::judged_endpoint(&seen))).at(&ctx)
    });
    describe(
        "user_findings",
        &["target: Object", "source: Object", "context: map", "array"],
        "Findings about one user; `()` for the side that was not seen.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, target: Dynamic, source: Dynamic, context: Dynamic| -> Fallible<Array> {
            let side = |value: &Dynamic| (!value.is_unit()).then(|| to_record(value)).transpose().at(&ctx);
            let (target, source) = (side(&target)?, side(&source)?);
            Ok(objects(migrate::user_findings(
                target.as_ref(),
                source.as_ref(),
                &to_record(&context).at(&ctx)?,
            )))
        },
    );
    describe(
        "batch_findings",
        &["rows: array", "context: map", "array"],
        "Findings about the list of users as a whole, such as duplicates.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, rows: Dynamic, context: Dynamic| -> Fallible<Array> {
            Ok(objects(migrate::batch_findings(
                &to_records(&rows).at(&ctx)?,
                &to_record(&context).at(&ctx)?,
            )))
        },
    );
    describe(
        "excess_roles",
        &["roles: array", "array"],
        "The permissions among these that an application which moves mailboxes has no use for.",
    )
    .register_into_engine(engine, |roles: Array| -> Array {
        let roles: Vec<String> = roles.iter().map(ToString::to_string).collect();
        migrate::excess_roles(&roles).into_iter().map(Dynamic::from).collect()
    });
    describe(
        "verdict",
        &["findings: array", "Object"],
        "The sum of findings: state, ok, warnings, problems, not_checked.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, findings: Dynamic| {
        to_records(&findings)
            .map(|findings| Object::row(migrate::verdict(&findings)))
            .at(&ctx)
    });
}

fn certificates(engine: &mut Engine) {
    describe(
        "parse_certificate_url",
        &["text: string", "Object"],
        "The parts of the URL of a certificate with its version: vault, suffix, name, version, and the url as endpoints record it, with \
         `:443`. Fails (F-09) when the text is none.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, text: ImmutableString| -> Fallible<Object> {
        let url = CertificateUrl::parse(&text)
            .map_err(|why| {
                invalid(format!("{why} (F-09)")).with_remedy(
                    "give the full id of the certificate with its version, as `az keyvault certificate show --query id` prints it",
                )
            })
            .at(&ctx)?;
        Ok(Object::row(
            Record::default()
                .with("vault", url.vault())
                .with("suffix", url.suffix())
                .with("name", url.name())
                .with("version", url.version())
                .with("url", url.to_string()),
        ))
    });
}

fn handoffs(engine: &mut Engine, host: &Arc<Host>) {
    let h = host.clone();
    describe(
        "seal_handoff",
        &["content: map", "map"],
        "A hand-off for the other administrator: the content with time, format and checksum.",
    )
    .register_into_engine(engine, move |ctx: NativeCallContext, content: Dynamic| -> Fallible<Dynamic> {
        let mut content = members(&content).at(&ctx)?;
        content.entry("made").or_insert_with(|| Time(h.clock.now()).to_string().into());
        Ok(from_json(&Value::Object(migrate::seal_handoff(content).at(&ctx)?)))
    });
    describe(
        "open_handoff",
        &["sealed: map", "reader: string", "file: string", "map"],
        "The content of the hand-off in `file`, if it is whole and made for the tenant with id `reader`.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, sealed: Dynamic, reader: Dynamic, file: ImmutableString| -> Fallible<Dynamic> {
            let reader = match reader.read_lock::<TenantHandle>() {
                Some(tenant) => tenant.tag().id,
                None => Uuid::parse_str(&reader.to_string())
                    .map_err(|_| invalid(format!("`{reader}` is no tenant id")))
                    .at(&ctx)?,
            };
            // What is no map has no format either, and is refused for that.
            let opened = migrate::open_handoff(members(&sealed).unwrap_or_default(), reader);
            let in_file = |mut trouble: Trouble| {
                trouble.message = format!("{file}: {}", trouble.message);
                trouble
            };
            Ok(from_json(&Value::Object(opened.map_err(in_file).at(&ctx)?)))
        },
    );
}

fn mailuser_arguments(plan: &Dynamic, existing: &Dynamic, options: &Dynamic) -> Result<Map, Trouble> {
    let existing = (!existing.is_unit()).then(|| to_record(existing)).transpose()?;
    let arguments = migrate::mailuser_arguments(&to_record(plan)?, existing.as_ref(), &record_or_empty(options)?);
    Ok(arguments.iter().map(|(name, value)| (name.into(), from_json(value))).collect())
}

fn members(value: &Dynamic) -> Result<serde_json::Map<String, Value>, Trouble> {
    match to_json(value)? {
        Value::Object(members) => Ok(members),
        _ => Err(invalid("a hand-off is a map")),
    }
}

fn objects(records: Vec<Record>) -> Array {
    records.into_iter().map(|record| Dynamic::from(Object::row(record))).collect()
}

fn optional(record: Option<Record>) -> Dynamic {
    record.map_or(Dynamic::UNIT, |record| Dynamic::from(Object::row(record)))
}

fn record_or_empty(value: &Dynamic) -> Result<Record, Trouble> {
    match value.is_unit() {
        true => Ok(Record::default()),
        false => to_record(value),
    }
}
