//! `Secret` and `Credential`: passwords that travel to the service and are printed nowhere.

use rand::Rng;
use rand::seq::SliceRandom;
use rhai::Dynamic;
use rhai::Engine;
use rhai::ImmutableString;
use rhai::NativeCallContext;
use secrecy::ExposeSecret;
use secrecy::SecretString;

use super::describe;
use crate::script::thrown::At;
use crate::script::thrown::Fallible;
use crate::script::thrown::invalid;

/// A password or client secret.
#[derive(Debug, Clone)]
pub struct Secret(pub SecretString);

/// A user name with its secret.
#[derive(Debug, Clone)]
pub struct Credential {
    /// The user name; for a migration endpoint the application id.
    pub user: String,
    /// The secret.
    pub secret: SecretString,
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<Secret>("Secret");
    engine.register_type_with_name::<Credential>("Credential");
    describe(
        "secret",
        &["text: string", "Secret"],
        "Makes a secret of a text, such as a password from a file.",
    )
    .register_into_engine(engine, |text: ImmutableString| Secret(text.as_str().into()));
    describe("random_password", &["Secret"], "A random password of 24 characters of all kinds.")
        .register_into_engine(engine, random_password);
    describe(
        "credential",
        &["user: string", "secret: Secret", "Credential"],
        "A user name with its secret, as a migration endpoint takes it.",
    )
    .register_into_engine(
        engine,
        |ctx: NativeCallContext, user: ImmutableString, secret: Dynamic| -> Fallible<Credential> {
            let secret = match secret.try_cast::<Secret>() {
                Some(secret) => secret.0,
                None => return Err(invalid("`credential` takes a user name and a secret")).at(&ctx),
            };
            Ok(Credential {
                user: user.to_string(),
                secret,
            })
        },
    );
    describe(
        "reveal",
        &["secret: Secret", "string"],
        "The text of a secret; whatever is done with it can be seen.",
    )
    .register_into_engine(engine, |secret: Secret| secret.0.expose_secret().to_owned());
    for name in ["to_string", "to_debug"] {
        describe(name, &["secret: Secret", "string"], "`[secret]`.").register_into_engine(engine, |_: Secret| "[secret]");
        describe(name, &["credential: Credential", "string"], "The user name and `[secret]`.")
            .register_into_engine(engine, |credential: Credential| format!("{} [secret]", credential.user));
    }
}

/// Letters, digits and signs that no cmdlet, shell or spreadsheet takes for something else; some of each kind.
fn random_password() -> Secret {
    const KINDS: [&[u8]; 4] = [b"ABCDEFGHJKLMNPQRSTUVWXYZ", b"abcdefghijkmnpqrstuvwxyz", b"23456789", b"!#%*+-.?@_"];
    let mut random = rand::rng();
    let mut letters: Vec<char> = (0..24)
        .map(|at| {
            let kind = KINDS[at % KINDS.len()];
            char::from(kind[random.random_range(0..kind.len())])
        })
        .collect();
    letters.shuffle(&mut random);
    Secret(letters.into_iter().collect::<String>().into())
}
