//! Exchange in a few lines: cmdlets that make, read, change and remove objects by noun.

use serde_json::Value;
use serde_json::json;

use crate::cloud::CloudError;
use crate::model::Arguments;
use crate::model::Record;
use crate::tenant::identity::goes_by;
use crate::tenant::testing::Fake;
use crate::tenant::testing::record;
use crate::tenant::testing::refusal;

impl Fake {
    pub(super) fn cmdlet(&self, cmdlet: &str, parameters: &Arguments, is_write: bool) -> Result<Vec<Record>, CloudError> {
        let shown: serde_json::Map<_, _> = parameters.iter().map(|(name, given)| (name.to_owned(), given.shown())).collect();
        self.enter(cmdlet, Value::Object(shown.clone()), is_write)?;
        let (verb, noun) = cmdlet.split_once('-').unwrap();
        // A recipient and a user are the same objects seen from elsewhere.
        let shelves: &[&str] = match noun {
            "Recipient" => &["MailUser", "Mailbox", "DistributionGroup"],
            "User" => &["MailUser"],
            _ => &[noun],
        };
        let mut state = self.0.lock().unwrap();
        let identity = parameters.text("Identity");
        let is_it = |object: &Record| identity.is_none_or(|identity| goes_by(object, identity));
        match verb {
            "New" => {
                let mut made: Record = record(Value::Object(shown));
                let name = made.text("Name").unwrap_or_default().to_owned();
                made.set("Identity", name);
                made.set(
                    "RecipientTypeDetails",
                    if noun == "MailUser" {
                        "MailUser"
                    } else {
                        "MailUniversalSecurityGroup"
                    },
                );
                if let Some(primary) = made.text("PrimarySmtpAddress").map(str::to_owned) {
                    let given = state.is_terse.then(|| "smtp:given@northwind.com".to_owned());
                    let addresses: Vec<String> = std::iter::once(format!("SMTP:{primary}")).chain(given).collect();
                    made.set("EmailAddresses", addresses);
                }
                if let Some(upn) = made.text("MicrosoftOnlineServicesID").map(str::to_owned) {
                    made.set("UserPrincipalName", upn);
                }
                state.objects.entry(noun.to_owned()).or_default().push(made.clone());
                Ok(vec![match state.is_terse {
                    true => record(json!({"Identity": made.text("Identity")})),
                    false => made,
                }])
            }
            "Get" | "Set" | "Remove" | "Add" if noun == "DistributionGroupMember" => {
                let members = state.objects.entry(noun.to_owned()).or_default();
                if let Some(member) = parameters.text("Member") {
                    members.push(record(json!({"Identity": member})));
                }
                Ok(members.clone())
            }
            _ => {
                let mut found = Vec::new();
                for shelf in shelves {
                    let objects = state.objects.entry((*shelf).to_owned()).or_default();
                    found.extend(objects.iter().filter(|object| is_it(object)).cloned());
                    if verb == "Remove" {
                        objects.retain(|object| !is_it(object));
                    }
                    for object in objects.iter_mut().filter(|object| verb == "Set" && is_it(object)) {
                        for (name, value) in shown.iter().filter(|(name, _)| *name != "Identity") {
                            object.set(name, value.clone());
                        }
                    }
                }
                // The service's trap: a batch that is not there is answered with all that are.
                if noun == "MigrationBatch" && !is_write && found.is_empty() {
                    found = state.objects.entry(noun.to_owned()).or_default().clone();
                }
                match identity {
                    Some(identity) if found.is_empty() => Err(refusal(cmdlet, 404, "ManagementObjectNotFoundException", identity)),
                    _ if is_write => Ok(Vec::new()),
                    _ => Ok(found),
                }
            }
        }
    }
}
