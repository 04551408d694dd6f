//! `ArgValue`: a parameter's value, checked and typed before the script starts.

use std::path::PathBuf;

use jiff::Timestamp;
use secrecy::SecretString;

/// The value of one parameter.
#[derive(Debug, Clone)]
pub enum ArgValue {
    /// Optional and not given.
    Absent,
    /// `string`, `domain`, `guid`, `email`, `choice`.
    Text(String),
    /// `int`.
    Int(i64),
    /// `float`.
    Float(f64),
    /// `bool`.
    Bool(bool),
    /// `list`.
    List(Vec<String>),
    /// `file`, `dir`: as it was given.
    Path(PathBuf),
    /// `datetime`.
    Time(Timestamp),
    /// `secret`.
    Secret(SecretString),
    /// `tenant`: the profile's name.
    Tenant(String),
}
