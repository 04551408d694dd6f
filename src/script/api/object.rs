//! `Object`: what a service returned, or a row of a file. Properties keep the service's names and are read without case.

use std::fmt;
use std::sync::Arc;

use rhai::Array;
use rhai::Dynamic;
use rhai::Engine;
use rhai::FuncRegistration;
use rhai::ImmutableString;
use rhai::Map;
use rhai::NativeCallContext;
use secrecy::SecretString;
use serde_json::Value;

use super::describe;
use super::secret::Secret;
use crate::model::Kind;
use crate::model::Record;
use crate::model::Trouble;
use crate::model::did_you_mean;
use crate::model::is_placeholder;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::value::from_json;
use crate::script::value::to_json;
use crate::script::value::to_record;

/// The noun of rows that come from files or were put together in the script.
const ROW: &str = "row";

/// The properties that name an object to the service, the immutable ones first.
const IDENTITIES: &[&str] = &[
    "ExternalDirectoryObjectId",
    "PrimarySmtpAddress",
    "Guid",
    "id",
    "appId",
    "UserPrincipalName",
    "Identity",
    "Name",
];

/// A record with where it comes from.
#[derive(Debug, Clone)]
pub struct Object {
    record: Arc<Record>,
    noun: &'static str,
    tenant: Option<Arc<str>>,
    outcome: &'static str,
    notes: Arc<[String]>,
    secret: Option<SecretString>,
}

impl Object {
    /// A row that belongs to no tenant.
    pub fn row(record: Record) -> Self {
        Self {
            record: Arc::new(record),
            noun: ROW,
            tenant: None,
            outcome: "read",
            notes: Arc::default(),
            secret: None,
        }
    }

    /// An object of the tenant with that profile name; `outcome` is `read`, `created`, `updated`, `unchanged`, `planned`, ...
    pub fn of_tenant(record: Record, noun: &'static str, tenant: &Arc<str>, outcome: &'static str) -> Self {
        Self {
            record: Arc::new(record),
            noun,
            tenant: Some(tenant.clone()),
            outcome,
            notes: Arc::default(),
            secret: None,
        }
    }

    /// With what was noticed on the way.
    pub fn with_notes(mut self, notes: Vec<String>) -> Self {
        self.notes = notes.into();
        self
    }

    /// With the secret that the service shows once.
    pub fn with_secret(mut self, secret: Option<SecretString>) -> Self {
        self.secret = secret;
        self
    }

    /// The secret that the service showed with it.
    pub fn secret(&self) -> Option<&SecretString> {
        self.secret.as_ref()
    }

    /// The field's noun.
    pub fn noun(&self) -> &'static str {
        self.noun
    }

    /// The profile name of its tenant; a row has none.
    pub fn tenant(&self) -> Option<&str> {
        self.tenant.as_deref()
    }

    /// Whether it stands for something that this run only plans, or holds what only the service can assign.
    fn is_pending(&self) -> bool {
        let is_placeholder = |value: &Value| value.as_str().is_some_and(is_placeholder);
        self.outcome == "planned" || self.record.iter().any(|(_, value)| is_placeholder(value))
    }

    /// Its properties.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// What names this object to the service; `preferred` is the argument that takes it.
    pub fn identity(&self, preferred: &str) -> Option<&str> {
        let is_keyed_by_name = ["organization", "migration", "move"]
            .iter()
            .any(|start| self.noun.starts_with(start));
        let first = match preferred {
            "Identity" if is_keyed_by_name => Some("Identity"),
            "Identity" => None,
            other => Some(other),
        };
        first
            .into_iter()
            .chain(IDENTITIES.iter().copied())
            .find_map(|name| self.record.text(name))
    }

    fn property(&self, name: &str) -> Result<Dynamic, Trouble> {
        match (self.record.get(name), name) {
            (Some(value), _) => Ok(from_json(value)),
            (None, "outcome") => Ok(self.outcome.into()),
            (None, "secret") => Ok(self.secret.clone().map_or(Dynamic::UNIT, |secret| Dynamic::from(Secret(secret)))),
            (None, "notes") => Ok(self.notes.iter().map(|note| Dynamic::from(note.clone())).collect::<Array>().into()),
            (None, _) => {
                let trouble =
                    Trouble::new(Kind::Invalid, format!("this {} has no property `{name}`", self.noun)).with_code("unknown_property");
                Err(did_you_mean(trouble, name, self.record.names()))
            }
        }
    }

    fn set_property(&mut self, name: &str, value: &Dynamic) -> Result<(), Trouble> {
        let value = to_json(value)?;
        // After `object.EmailAddresses.contains(x)` Rhai hands the list back, in case the method has changed it.
        if self.record.get(name) == Some(&value) {
            return Ok(());
        }
        if self.noun != ROW {
            return Err(Trouble::new(
                Kind::Invalid,
                format!(
                    "this {} is a copy of what the service holds; setting `{name}` here changes nothing there",
                    self.noun
                ),
            )
            .with_code("read_only")
            .with_remedy("use the tenant's `set_` or `ensure_` function, or take `object.to_map()` to work on"));
        }
        Arc::make_mut(&mut self.record).set(name, value);
        Ok(())
    }

    /// The properties of both, those of `other` where both have them; plain data from then on.
    fn merged(&self, other: &Record) -> Self {
        let mut record = (*self.record).clone();
        for (name, value) in other.iter() {
            record.set(name, value.clone());
        }
        Self::row(record)
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = ["DisplayName", "Name", "displayName", "UserPrincipalName", "Identity", "id"];
        match (self.noun, names.iter().find_map(|name| self.record.text(name))) {
            (ROW, _) | (_, None) => write!(f, "{}", Value::Object(self.record.to_map())),
            (noun, Some(name)) => write!(f, "{noun} {name}"),
        }
    }
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Object>("Object");
    FuncRegistration::new_index_getter()
        .register_into_engine(engine, |ctx: NativeCallContext, object: &mut Object, name: ImmutableString| {
            object.property(&name).at(&ctx)
        });
    FuncRegistration::new_index_setter().register_into_engine(
        engine,
        |ctx: NativeCallContext, object: &mut Object, name: ImmutableString, value: Dynamic| object.set_property(&name, &value).at(&ctx),
    );
    describe(
        "get",
        &["object: Object", "name: string", "any"],
        "The property, or `()` when the object has none of that name.",
    )
    .register_into_engine(engine, |object: Object, name: ImmutableString| {
        object.property(&name).unwrap_or_default()
    });
    describe(
        "has",
        &["object: Object", "name: string", "bool"],
        "Whether the object has a property of that name that is set.",
    )
    .register_into_engine(engine, |object: Object, name: ImmutableString| {
        object.record.get(&name).is_some_and(|value| !value.is_null())
    });
    describe(
        "contains",
        &["object: Object", "name: string", "bool"],
        "Whether the object has a property of that name.",
    )
    .register_into_engine(engine, |object: Object, name: ImmutableString| object.record.has(&name));
    describe(
        "keys",
        &["object: Object", "array"],
        "The names of the properties, in the service's order.",
    )
    .register_into_engine(engine, |object: Object| {
        object.record.names().map(|name| Dynamic::from(name.to_owned())).collect::<Array>()
    });
    describe(
        "values",
        &["object: Object", "array"],
        "The values of the properties, in the service's order.",
    )
    .register_into_engine(engine, |object: Object| {
        object.record.iter().map(|(_, value)| from_json(value)).collect::<Array>()
    });
    describe("to_map", &["object: Object", "map"], "The properties as a map of one's own.").register_into_engine(
        engine,
        |object: Object| {
            let entries = object.record.iter().map(|(name, value)| (name.into(), from_json(value)));
            entries.collect::<Map>()
        },
    );
    describe(
        "select",
        &["object: Object", "names: array", "Object"],
        "A row with these properties only, in this order; missing ones are `()`.",
    )
    .register_into_engine(engine, |object: Object, names: Array| {
        let value = |name: &str| object.record.get(name).cloned().unwrap_or_default();
        let pairs = names.iter().map(|name| name.to_string()).map(|name| (name.clone(), value(&name)));
        Object::row(pairs.collect())
    });
    describe(
        "is_pending",
        &["object: Object", "bool"],
        "Whether the object is only planned, or holds what only the service can assign.",
    )
    .register_into_engine(engine, |object: Object| object.is_pending());
    describe("row", &["map: map", "Object"], "A row of a map.").register_into_engine(engine, |ctx: NativeCallContext, map: Map| {
        to_record(&Dynamic::from(map)).map(Object::row).at(&ctx)
    });
    describe("to_string", &["object: Object", "string"], "The object in one line.")
        .register_into_engine(engine, |object: Object| object.to_string());
    describe("to_debug", &["object: Object", "string"], "The object in one line.")
        .register_into_engine(engine, |object: Object| object.to_string());
    describe(
        "==",
        &["left: Object", "right: Object", "bool"],
        "Whether all properties are the same.",
    )
    .register_into_engine(engine, |left: Object, right: Object| left.record == right.record);
    describe("!=", &["left: Object", "right: Object", "bool"], "Whether any property differs.")
        .register_into_engine(engine, |left: Object, right: Object| left.record != right.record);
    describe(
        "+",
        &["left: Object", "right: map", "Object"],
        "A row with the properties of both; the right ones win.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, left: Object, right: Map| {
        to_record(&Dynamic::from(right)).map(|right| left.merged(&right)).at(&ctx)
    });
    describe(
        "+",
        &["left: Object", "right: Object", "Object"],
        "A row with the properties of both; the right ones win.",
    )
    .register_into_engine(engine, |left: Object, right: Object| left.merged(&right.record));
    describe(
        "+",
        &["left: map", "right: Object", "Object"],
        "A row with the properties of both; the right ones win.",
    )
    .register_into_engine(engine, |ctx: NativeCallContext, left: Map, right: Object| -> Fallible<Object> {
        let left = Object::row(to_record(&Dynamic::from(left)).at(&ctx)?);
        Ok(left.merged(&right.record))
    });
}
