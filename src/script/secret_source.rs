//! Where the command line takes a secret from. A secret in a flag could be seen in the list of processes and in the shell's history,
//! so a flag only names the place.

use std::io::BufRead;

use secrecy::SecretString;

/// What a flag for a secret takes.
pub(super) const EXPECTED: &str = "`env:NAME` for an environment variable, `file:PATH` for a file, or `-` for one line of standard input";

/// Reads the secret from the place that `flag` names; the error goes on the sentence that begins with the flag's name.
pub(super) fn read(flag: &str, input: impl FnOnce() -> Box<dyn BufRead>) -> Result<SecretString, String> {
    let text = match (flag, flag.split_once(':')) {
        ("-", _) => line(input()),
        (_, Some(("env", name))) => std::env::var(name).map_err(|_| format!("names the environment variable `{name}`, which is not set")),
        (_, Some(("file", path))) => {
            std::fs::read_to_string(path).map_err(|error| format!("names the file `{path}`, which could not be read: {error}"))
        }
        _ => Err(format!(
            "takes {EXPECTED}; the secret itself would be seen in the list of processes and in the shell's history"
        )),
    }?;
    // Editors and `echo` end with a line break, which is no part of the secret.
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err("names a place that holds nothing".into()),
        secret => Ok(secret.into()),
    }
}

fn line(mut input: Box<dyn BufRead>) -> Result<String, String> {
    let mut line = String::new();
    let read = input.read_line(&mut line);
    read.map_err(|error| format!("takes a line of standard input, which could not be read: {error}"))?;
    Ok(line)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    fn read_from(flag: &str) -> Result<String, String> {
        let secret = read(flag, || Box::new("hunter2\r\nnext\n".as_bytes()))?;
        Ok(secret.expose_secret().to_owned())
    }

    #[test]
    fn a_secret_is_read_from_where_the_flag_says() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("secret.txt");
        std::fs::write(&file, "hunter:2\n").expect("a file");

        assert_eq!(read_from("-").as_deref(), Ok("hunter2"));
        assert_eq!(read_from(&format!("file:{}", file.display())).as_deref(), Ok("hunter:2"));
        assert_eq!(read_from("env:CARGO_PKG_NAME").as_deref(), Ok("xtenant"));
    }

    #[test]
    fn the_secret_itself_is_refused_and_not_repeated() {
        for flag in ["hunter2", "hunter:2", ""] {
            let refused = read_from(flag).expect_err("it is no place");
            assert!(refused.starts_with("takes `env:NAME`") && !refused.contains("hunter"), "{refused}");
        }
    }

    #[test]
    fn a_place_without_a_secret_is_named() {
        assert!(read_from("env:NO_SUCH_VARIABLE").is_err_and(|refused| refused.contains("`NO_SUCH_VARIABLE`, which is not set")));
        assert!(read_from("file:no-such.txt").is_err_and(|refused| refused.contains("`no-such.txt`")));
        assert!(read("-", || Box::new("\n".as_bytes())).is_err());
    }
}
