//! Test-MigrationServerAvailability: without a mailbox it proves the endpoint only, with one it tries a single user.

use serde_json::json;

use super::WRITE;
use super::refused;
use super::unknown;
use super::views;
use crate::sandbox::exchange::Answer;
use crate::sandbox::exchange::Call;
use crate::sandbox::exchange::Cmdlet;
use crate::sandbox::exchange::Output;
use crate::sandbox::exchange::Parameter;
use crate::sandbox::exchange::endpoint;
use crate::sandbox::migration::failure::judged;
use crate::sandbox::migration::validation;

pub const TEST: Cmdlet = Cmdlet {
    name: "Test-MigrationServerAvailability",
    parameters: &[("Endpoint", Parameter::Text), ("TestMailbox", Parameter::Text)],
    mandatory: &[],
    role: WRITE,
    run: test,
};

fn test(call: &Call<'_>) -> Answer {
    let name = call
        .text("Endpoint")
        .ok_or_else(|| refused("The parameter Endpoint is required."))?;
    let endpoint = endpoint::endpoint(call.tx, call.tenant, name)?.ok_or_else(|| unknown("migration endpoint", name))?;
    let tested = judged(validation::test(call.tx, &endpoint, call.text("TestMailbox")))?;
    let (result, message, detail) = match &tested {
        Ok(()) => ("Success", String::new(), String::new()),
        Err(failure) => ("Failed", failure.text.clone(), failure.error()),
    };
    Ok(Output::one(views::map(json!({
        "Result": result,
        "Message": message,
        "SupportsCutover": false,
        "ErrorDetail": detail,
        "TestedEndpoint": endpoint.text("Name"),
        "IsValid": true,
        "Identity": "",
        "ObjectState": "New",
    }))))
}
