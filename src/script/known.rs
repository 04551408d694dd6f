//! What the catalogue of failures knows of an error of the service: which number it has, why it came, what mends it.

use crate::migrate;
use crate::model::Kind;
use crate::model::Trouble;

/// The trouble with its number and cause in front of its other causes, and with the catalogue's remedy where it had none.
pub fn explained(mut trouble: Trouble) -> Trouble {
    // Our own codes are words in lower case; the service's are types of exceptions, or numbers of the sign-in service. A sign-in
    // that failed is the administrator's own, not that of the migration application.
    let is_of_service = trouble.code.ends_with("Exception") || trouble.code.starts_with("AADSTS");
    if !is_of_service || trouble.kind == Kind::SignIn {
        return trouble;
    }
    let said = format!("{}: {} {}", trouble.code, trouble.message, trouble.causes.join(" "));
    let Some(failure) = migrate::explain(&said).filter(|failure| !is_about_any_object(failure)) else {
        return trouble;
    };
    trouble
        .causes
        .insert(0, format!("{}, {}: {}", failure.id, failure.title, failure.cause));
    trouble.remedy.get_or_insert_with(|| failure.remedy.to_owned());
    trouble
}

/// F-40 is told by the text that any cmdlet gives for any object that is not there; it means a mailbox only in the endpoint's test.
fn is_about_any_object(failure: &migrate::Failure) -> bool {
    failure.id == "F-40"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: &str, message: &str) -> Trouble {
        Trouble::new(Kind::Refused, message).with_code(code)
    }

    #[test]
    fn a_refusal_of_the_service_is_told_with_number_cause_and_remedy() {
        let limit = "MaximumConcurrentMigrationLimitExceededException";

        let trouble = explained(refused(limit, "New-MigrationEndpoint: This endpoint would make ...").caused_by("HTTP 400"));

        assert!(trouble.causes[0].starts_with("F-21, too many concurrent migrations"));
        assert_eq!(trouble.causes[1], "HTTP 400");
        assert!(
            trouble
                .remedy
                .as_deref()
                .is_some_and(|remedy| remedy.contains("`MaxConcurrentMigrations`"))
        );
    }

    #[test]
    fn a_remedy_that_is_known_better_stays() {
        let trouble = explained(refused("NotAcceptedDomainException", "x").with_remedy("do this"));

        assert!(trouble.causes[0].starts_with("F-55, "));
        assert_eq!(trouble.remedy.as_deref(), Some("do this"));
    }

    #[test]
    fn what_is_ours_or_says_nothing_of_migrations_stays_as_it_is() {
        let missing = "The operation couldn't be performed because object 'nobody' couldn't be found on 'NAM00'";
        let plain = [
            refused(
                "failed",
                "You can't use the domain because it's not an accepted domain for your organization.",
            ),
            refused("ManagementObjectNotFoundException", missing),
            Trouble::new(Kind::SignIn, "Invalid client secret provided").with_code("AADSTS7000215"),
        ];

        for trouble in plain {
            assert_eq!(explained(trouble.clone()), trouble);
        }
    }
}
