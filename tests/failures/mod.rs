//! The numbered failures that a project can meet: each is brought about by an ordinary change or by somebody who is in that
//! trouble, comes in the service's own words, is told with its number, cause and remedy, and goes away with its cause.

mod catalogue;
mod endpoint;
mod later;
mod mail_user;
mod outcome;
mod project;
mod set_up;
mod source_mailbox;
mod submission;
mod verified;

use outcome::Outcome;
use project::APPLICATION;
use project::LARA;
use project::NAME;
use project::Project;
use verified::Verified;
