//! `Tenant` for scripts. Its functions are derived from the tables of readings and operations; `ensures.rs` and `partner.rs` add the rest.

use std::sync::Arc;

use rhai::Dynamic;
use rhai::Engine;
use rhai::FuncRegistration;
use rhai::Map;
use rhai::NativeCallContext;

use super::azure;
use super::azure_ensures;
use super::describe;
use super::ensures;
use super::object::Object;
use super::partner;
use super::stream::Stream;
use crate::change::Descriptor;
use crate::change::Fate;
use crate::change::Service;
use crate::change::TenantTag;
use crate::model::Arguments;
use crate::model::Trouble;
use crate::script::host::Host;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::invalid;
use crate::script::value::kind_of;
use crate::script::value::to_arguments;
use crate::script::value::to_query;
use crate::tenant::From;
use crate::tenant::Reading;
use crate::tenant::Tenant;
use crate::tenant::operations;
use crate::tenant::readings;

/// A tenant in the hands of a script.
#[derive(Clone)]
pub struct TenantHandle {
    pub(super) tenant: Tenant,
    pub(super) host: Arc<Host>,
    name: Arc<str>,
}

impl TenantHandle {
    /// `tenant` for the scripts of one run.
    pub fn new(tenant: Tenant, host: Arc<Host>) -> Self {
        let name = tenant.tag().name.as_str().into();
        Self { tenant, host, name }
    }

    /// Which tenant this is.
    pub fn tag(&self) -> &TenantTag {
        self.tenant.tag()
    }

    /// An object of this tenant.
    pub(super) fn object(&self, record: crate::model::Record, noun: &'static str, outcome: &'static str) -> Object {
        Object::of_tenant(record, noun, &self.name, outcome)
    }

    /// What names the object that a script gave: a text, or an object of this tenant. `preferred` is the argument that takes it.
    pub(super) fn identity(&self, value: &Dynamic, preferred: &str, function: &str) -> Result<String, Trouble> {
        if value.is_string() {
            return Ok(value.to_string());
        }
        let Some(object) = value.read_lock::<Object>() else {
            return Err(invalid(format!(
                "`{function}` takes a text or an object of the tenant, not {}",
                kind_of(value)
            )));
        };
        match object.tenant() {
            Some(tenant) if *tenant == *self.name => {
                let identity = object.identity(preferred).map(str::to_owned);
                identity.ok_or_else(|| invalid(format!("this {} has nothing that `{function}` could find it by", object.noun())))
            }
            Some(other) => Err(invalid(format!(
                "`{function}` of tenant `{}` was given an object of tenant `{other}`",
                self.name
            ))),
            None => Err(invalid(format!(
                "`{function}` takes a text or an object of the tenant; of a row give the property that names it"
            ))),
        }
    }

    fn get(&self, ctx: &NativeCallContext, reading: &'static Reading, identity: Option<&Dynamic>) -> Fallible<Object> {
        let identity = identity
            .map(|value| self.identity(value, key_of(reading), reading.name))
            .transpose()
            .at(ctx)?;
        let record = self.host.wait(ctx, self.tenant.get(reading, identity.as_deref()))?;
        Ok(self.object(record, reading.noun, "read"))
    }

    fn find(&self, ctx: &NativeCallContext, reading: &'static Reading, wanted: &[Dynamic]) -> Fallible<Stream> {
        let mut arguments = Arguments::new();
        for value in wanted {
            if let Some(map) = value.read_lock::<Map>() {
                for (name, given) in to_query(&map).at(ctx)?.iter() {
                    arguments.set(name, given.clone());
                }
            } else if reading.plain.is_empty() {
                return Err(invalid(format!("`{}` takes no text, only a map of options", reading.name))).at(ctx);
            } else {
                arguments.set(reading.plain, self.identity(value, key_of(reading), reading.name).at(ctx)?);
            }
        }
        let handle = self.clone();
        let position = ctx.call_position();
        Ok(Stream::of_pages(move || {
            let handle = handle.clone();
            let mut pager = handle.tenant.find(reading, arguments.clone());
            move || {
                let page = handle.host.wait_at(position, pager.next_page())?;
                let object = |record| Dynamic::from(handle.object(record, reading.noun, "read"));
                Ok(page.map(|records| records.into_iter().map(object).collect()))
            }
        }))
    }

    fn write(
        &self,
        ctx: &NativeCallContext,
        descriptor: &'static Descriptor,
        object: Option<&Dynamic>,
        arguments: &Map,
    ) -> Fallible<Object> {
        let key = match (descriptor.noun, descriptor.service) {
            ("application" | "service principal", _) => "appId",
            (_, Service::Graph | Service::Arm | Service::KeyVault) => "id",
            _ => "Identity",
        };
        let object = object.map(|value| self.identity(value, key, descriptor.name)).transpose().at(ctx)?;
        let arguments = to_arguments(Some(descriptor), arguments).at(ctx)?;
        let work = self.tenant.apply(&self.host.gate, descriptor, object.as_deref(), arguments);
        let applied = self.host.wait(ctx, work)?;
        let outcome = match applied.fate {
            Fate::Unchanged => "unchanged",
            Fate::Planned => "planned",
            Fate::Done | Fate::Failed | Fate::Declined => descriptor.verb.past(),
        };
        Ok(self.object(applied.record, descriptor.noun, outcome).with_secret(applied.secret))
    }
}

/// The property by which a reading finds an object.
fn key_of(reading: &Reading) -> &'static str {
    match reading.from {
        From::Graph { alternate: Some(_), .. } => "appId",
        From::Graph { .. } | From::Arm { .. } | From::Vault { .. } => "id",
        From::Cmdlet { .. } => "Identity",
    }
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<TenantHandle>("Tenant");
    properties(engine);
    for reading in readings().iter().copied() {
        match (reading.many, reading.identity) {
            (false, false) => {
                describe(reading.name, &["tenant: Tenant", "Object"], reading.help)
                    .register_into_engine(engine, move |ctx: NativeCallContext, tenant: TenantHandle| {
                        tenant.get(&ctx, reading, None)
                    });
            }
            (false, true) => {
                describe(reading.name, &["tenant: Tenant", "identity: string", "Object"], reading.help)
                    .register_into_engine(engine, move |ctx: NativeCallContext, tenant: TenantHandle, identity: Dynamic| {
                        tenant.get(&ctx, reading, Some(&identity))
                    });
            }
            (true, is_part) => find_functions(engine, reading, is_part),
        }
    }
    for descriptor in operations::all().iter().copied() {
        write_functions(engine, descriptor);
    }
    ensures::register(engine);
    azure::register(engine);
    azure_ensures::register(engine);
    partner::register(engine);
}

fn find_functions(engine: &mut Engine, reading: &'static Reading, is_part: bool) {
    if !is_part {
        describe(reading.name, &["tenant: Tenant", "Stream"], reading.help)
            .register_into_engine(engine, move |ctx: NativeCallContext, tenant: TenantHandle| {
                tenant.find(&ctx, reading, &[])
            });
    }
    let wanted = match (is_part, reading.plain) {
        (true, _) => "identity: string",
        (false, "") => "options: map",
        (false, _) => "filter: string",
    };
    if reading.is_azure() && !is_part {
        return;
    }
    describe(reading.name, &["tenant: Tenant", wanted, "Stream"], reading.help)
        .register_into_engine(engine, move |ctx: NativeCallContext, tenant: TenantHandle, wanted: Dynamic| {
            tenant.find(&ctx, reading, &[wanted])
        });
    // What comes from Azure is asked for without options.
    if reading.is_azure() {
        return;
    }
    describe(reading.name, &["tenant: Tenant", wanted, "options: map", "Stream"], reading.help).register_into_engine(
        engine,
        move |ctx: NativeCallContext, tenant: TenantHandle, wanted: Dynamic, options: Map| {
            tenant.find(&ctx, reading, &[wanted, Dynamic::from_map(options)])
        },
    );
}

fn write_functions(engine: &mut Engine, descriptor: &'static Descriptor) {
    let help = format!("{} Needs {}.", descriptor.help, descriptor.permission);
    if descriptor.identity.is_none() {
        describe(descriptor.name, &["tenant: Tenant", "arguments: map", "Object"], &help)
            .register_into_engine(engine, move |ctx: NativeCallContext, tenant: TenantHandle, arguments: Map| {
                tenant.write(&ctx, descriptor, None, &arguments)
            });
        describe(descriptor.name, &["tenant: Tenant", "Object"], &help)
            .register_into_engine(engine, move |ctx: NativeCallContext, tenant: TenantHandle| {
                tenant.write(&ctx, descriptor, None, &Map::new())
            });
        return;
    }
    describe(
        descriptor.name,
        &["tenant: Tenant", "identity: string", "arguments: map", "Object"],
        &help,
    )
    .register_into_engine(
        engine,
        move |ctx: NativeCallContext, tenant: TenantHandle, object: Dynamic, arguments: Map| {
            tenant.write(&ctx, descriptor, Some(&object), &arguments)
        },
    );
    describe(descriptor.name, &["tenant: Tenant", "identity: string", "Object"], &help)
        .register_into_engine(engine, move |ctx: NativeCallContext, tenant: TenantHandle, object: Dynamic| {
            tenant.write(&ctx, descriptor, Some(&object), &Map::new())
        });
}

fn properties(engine: &mut Engine) {
    fn property<T: Into<Dynamic> + 'static>(engine: &mut Engine, name: &str, help: &str, get: fn(&TenantHandle) -> T) {
        FuncRegistration::new_getter(name)
            .with_params_info(["tenant: Tenant", "string"])
            .with_comments([format!("/// {help}")])
            .register_into_engine(engine, move |tenant: &mut TenantHandle| -> Dynamic { get(tenant).into() });
    }
    property(engine, "name", "The profile's name.", |tenant| tenant.tag().name.clone());
    property(engine, "id", "The tenant id.", |tenant| tenant.tag().id.to_string());
    property(engine, "domain", "The initial domain, such as contoso.onmicrosoft.com.", |tenant| {
        tenant.tag().domain.clone()
    });
    property(engine, "cloud", "The cloud: worldwide, gcc-high, dod or china.", |tenant| {
        tenant.tenant.connection().cloud().name.as_str()
    });
    property(
        engine,
        "era",
        "The rules of the service that are in force: `today`, or in the sandbox `2021`.",
        |tenant| tenant.tenant.era().as_str(),
    );
    property(
        engine,
        "vault_suffix",
        "What stands behind the name of a key vault, such as vault.azure.net.",
        |tenant| tenant.tenant.connection().cloud().vault_suffix,
    );
    property(
        engine,
        "remote_server",
        "The host that a migration endpoint of this cloud names, or `()`.",
        |tenant| {
            tenant
                .tenant
                .connection()
                .cloud()
                .remote_server
                .map_or(Dynamic::UNIT, Dynamic::from)
        },
    );
    for name in ["to_string", "to_debug"] {
        describe(name, &["tenant: Tenant", "string"], "The profile's name and initial domain.")
            .register_into_engine(engine, |tenant: TenantHandle| {
                format!("{} ({})", tenant.tag().name, tenant.tag().domain)
            });
    }
    engine.register_fn("==", |left: TenantHandle, right: TenantHandle| left.tag().id == right.tag().id);
    engine.register_fn("!=", |left: TenantHandle, right: TenantHandle| left.tag().id != right.tag().id);
}
