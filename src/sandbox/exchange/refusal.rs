//! The refusals that several cmdlets share, with the types and texts of the service.

use crate::sandbox::exchange::Refusal;
use crate::sandbox::rule;

/// Several objects answer to the identity.
pub fn ambiguous(identity: &str) -> Refusal {
    Refusal::by(&rule::AMBIGUOUS, &[identity])
}

/// The operation does not fit the recipient.
pub fn task(text: impl Into<String>) -> Refusal {
    Refusal::new("Microsoft.Exchange.Management.Tasks.RecipientTaskException", text)
}

/// A value of a property is not allowed.
pub fn validation(text: impl Into<String>) -> Refusal {
    Refusal::new("Microsoft.Exchange.Data.DataValidationException", text)
}

/// The object is mastered on premises.
pub fn synchronised(identity: &str) -> Refusal {
    task(format!(
        "The operation on '{identity}' failed because it's out of the current user's write scope: the object is being synchronized from \
         your on-premises organization, and this action should be performed on the object there."
    ))
}

/// The combination of parameters, or one of them, is unknown.
pub fn parameter_set(names: &str) -> Refusal {
    Refusal::new(
        "Microsoft.Exchange.AdminApi.CommandInvocation.AmbiguousParameterSetException",
        format!("Parameter set cannot be resolved using the specified named parameters. Invalid cmdlet parameters specified. {names}"),
    )
}

/// A parameter that cannot be missing is missing.
pub fn missing(names: &str) -> Refusal {
    Refusal::new(
        "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterBindingException",
        format!("Cannot process command because of one or more missing mandatory parameters: {names}."),
    )
}

/// A value is not of the parameter's type.
pub fn transformation(name: &str, value: &str, kind: &str) -> Refusal {
    Refusal::new(
        "Microsoft.Exchange.AdminApi.CommandInvocation.ParameterTransformationException",
        format!("Cannot process argument transformation on parameter '{name}'. Cannot convert value \"{value}\" to type \"{kind}\"."),
    )
}

/// A new object's address is another's.
pub fn member_exists(proxy: &str) -> Refusal {
    Refusal {
        id: "ExB10BE9",
        ..Refusal::new(
            "Microsoft.Exchange.Management.Tasks.WLCDManagedMemberExistsException",
            format!(
                "The proxy address \"{proxy}\" is already being used by the proxy addresses or LegacyExchangeDN. Please choose another \
                 proxy address."
            ),
        )
    }
}

/// A changed object's address is another's.
pub fn proxy_exists(proxy: &str, owner: &str) -> Refusal {
    Refusal::new(
        "Microsoft.Exchange.Data.Directory.Recipient.ProxyAddressExistsException",
        format!(
            "The proxy address \"{proxy}\" is already being used by the proxy addresses or LegacyExchangeDN of \"{owner}\". Please choose \
             another proxy address."
        ),
    )
}

/// An address lies in a domain that is not the organization's.
pub fn not_accepted() -> Refusal {
    Refusal::by(&rule::FOREIGN_DOMAIN, &[])
}

/// An object of that name exists.
pub fn already_exists(name: &str) -> Refusal {
    Refusal::new(
        "Microsoft.Exchange.Data.Directory.ADObjectAlreadyExistsException",
        format!("The object \"{name}\" already exists."),
    )
}

/// The organization is not open for such changes yet.
pub fn dehydrated() -> Refusal {
    Refusal::by(&rule::DEHYDRATED, &[])
}
