//! `Administrator`: a person with a configuration folder and a working folder, at the command line.

use std::collections::BTreeMap;
use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;

use crate::common::Ran;
use crate::common::Served;
use crate::common::Traffic;

/// What somebody adds to a run who has made up their mind, as nobody can be asked without a terminal. Whoever gives an answer of
/// their own, or wants to see who is asked, says so.
fn answer(arguments: &[&str]) -> Option<&'static str> {
    const OWN: [&str; 4] = ["--yes", "--yes-irreversible", "--confirm", "--what-if"];
    let is_run = arguments.contains(&"run");
    (is_run && !arguments.iter().any(|argument| OWN.contains(argument))).then_some("--yes-irreversible")
}

/// A person at the command line.
pub struct Administrator {
    home: PathBuf,
    sandbox: PathBuf,
    profile: String,
}

impl Administrator {
    /// A person called `name`, with one profile of that name for the sandbox tenant `domain`, or without settings.
    pub fn new(site: &Path, name: &str, domain: Option<&str>) -> Self {
        let person = Self {
            home: site.join(name),
            sandbox: site.join("sandbox"),
            profile: name.to_owned(),
        };
        fs::create_dir_all(person.home.join("config")).expect("the folder can be made");
        fs::create_dir_all(person.folder()).expect("the folder can be made");
        if let Some(domain) = domain {
            person.configure(&format!("[profiles.{name}]\ndomain = \"{domain}\"\nsandbox = true\n"));
        }
        person
    }

    /// Replaces the settings.
    pub fn configure(&self, text: &str) {
        fs::write(self.home.join("config/config.toml"), text).expect("the settings can be written");
    }

    /// The working folder.
    pub fn folder(&self) -> PathBuf {
        self.home.join("work")
    }

    /// Writes a file in the working folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.folder().join(name), content).expect("the file can be written");
    }

    /// Reads a file of the working folder.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).expect("the file can be read")
    }

    /// Whether the working folder has that file.
    pub fn has(&self, name: &str) -> bool {
        self.folder().join(name).exists()
    }

    /// Sends a file to another person.
    pub fn sends(&self, name: &str, other: &Administrator) {
        fs::copy(self.folder().join(name), other.folder().join(name)).expect("the file can be sent");
    }

    /// Runs the program in the working folder with an empty environment.
    pub fn runs(&self, arguments: &[&str]) -> Ran {
        self.runs_with(arguments, &[])
    }

    /// Runs the program with a line as it is typed in a shell: blanks part, single and double quotes keep together.
    pub fn types(&self, line: &str) -> Ran {
        let mut words = vec![String::new()];
        let mut quote = None;
        for letter in line.chars() {
            match (quote, letter) {
                (None, '\'' | '"') => quote = Some(letter),
                (Some(open), _) if open == letter => quote = None,
                (None, ' ') => words.push(String::new()),
                _ => words.last_mut().expect("there is a first word").push(letter),
            }
        }
        self.runs(&words.iter().map(String::as_str).collect::<Vec<_>>())
    }

    /// The files in the working folder.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let entries = fs::read_dir(self.folder()).expect("the folder can be listed");
        let paths = entries.map(|entry| entry.expect("the entry can be read").path());
        let file = |path: PathBuf| Some((path.file_name()?.to_str()?.to_owned(), fs::read(&path).ok()?));
        paths.filter_map(file).collect()
    }

    /// Runs the program with these environment variables only.
    pub fn runs_with(&self, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        let output = command.envs(environment.iter().copied()).output();
        Ran::new(arguments, output.expect("the program was built for this test"), self.site())
    }

    /// Runs the program and presses Ctrl-C once standard error has said `sign`.
    #[cfg(unix)]
    pub fn interrupts(&self, arguments: &[&str], sign: &str) -> Ran {
        let mut command = self.command(arguments);
        let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut program = started.expect("the program was built for this test");
        let mut stderr = BufReader::new(program.stderr.take().expect("it is piped"));
        let mut said = String::new();
        while !said.contains(sign) {
            let read = stderr.read_line(&mut said).expect("standard error can be read");
            assert_ne!(read, 0, "it ended before `{sign}`: {said}");
        }
        let pressed = Command::new("kill").args(["-INT", &program.id().to_string()]).status();
        assert!(pressed.expect("`kill` is there").success());
        stderr.read_to_string(&mut said).expect("standard error can be read");
        let mut output = program.wait_with_output().expect("it ends");
        output.stderr = said.into_bytes();
        Ran::new(arguments, output, self.site())
    }

    /// Runs the program in a terminal of its own.
    #[cfg(unix)]
    pub fn sits_at(&self, arguments: &[&str]) -> rexpect::session::PtySession {
        let patience = std::time::Duration::from_secs(60).as_millis();
        let patience = u64::try_from(patience).expect("a minute is short");
        rexpect::session::spawn_command(self.command(arguments), Some(patience)).expect("the program was built for this test")
    }

    /// Runs the program, kills it once standard error has said `sign`, and returns all it had said by then.
    pub fn is_killed_at(&self, arguments: &[&str], sign: &str) -> String {
        let mut command = self.command(arguments);
        let started = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut program = started.expect("the program was built for this test");
        let mut stderr = BufReader::new(program.stderr.take().expect("it is piped"));
        let mut said = String::new();
        while !said.contains(sign) {
            let read = stderr.read_line(&mut said).expect("standard error can be read");
            assert_ne!(read, 0, "it ended before `{sign}`: {said}");
        }
        program.kill().expect("it was still running");
        stderr.read_to_string(&mut said).expect("standard error can be read");
        let status = program.wait().expect("it ends");
        assert!(!status.success(), "it came to its end before it was killed: {said}");
        said
    }

    /// Serves the sandbox to other programs.
    pub fn serves(&self, arguments: &[&str]) -> Served {
        Served::new(self.command(&[&["sandbox", "serve"], arguments].concat()))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtenant"));
        command
            .args(arguments)
            .args(answer(arguments))
            .current_dir(self.folder())
            .env_clear();
        command.env("HOME", &self.home).env("XTENANT_CONFIG_DIR", self.home.join("config"));
        command.env("XTENANT_SANDBOX", &self.sandbox);
        command.env("XTENANT_SANDBOX_TRAFFIC", Traffic::file(self.site()));
        // Windows cannot open sockets without it.
        command.envs(std::env::var_os("SystemRoot").map(|root| ("SystemRoot", root)));
        command
    }

    fn site(&self) -> &Path {
        self.home.parent().expect("people live in their site")
    }

    /// Runs statements of the administrator's own on the tenant, called `tenant`, with leave to change it. Gives the last value.
    pub fn makes(&self, statements: &str) -> Value {
        const HEAD: &str = "const PARAMS = #{ tenant: #{ type: \"tenant\", help: \"\" } };\n\
            const WRITES = #{ tenant: #{ exchange: \"irreversible\", graph: \"high\", arm: \"irreversible\", key_vault: \"irreversible\" } };\n\
            let tenant = args.tenant;\n";
        self.write("make.rhai", format!("{HEAD}{statements}\n"));
        let ran = self.runs(&["run", "make.rhai", "--tenant", &self.profile, "--json"]);
        ran.succeeds();
        ran.json()
    }

    /// Runs statements about the own tenant, called `tenant`, that may change it in any way.
    pub fn does(&self, statements: &str) -> Ran {
        let script = format!(
            "const PARAMS = #{{ tenant: #{{ type: \"tenant\", help: \"\" }} }};\n\
             const WRITES = #{{ tenant: #{{ exchange: \"irreversible\", graph: \"irreversible\", arm: \"irreversible\", key_vault: \"irreversible\" }} }};\n\
             let tenant = args.tenant;\n{statements}\n"
        );
        self.write("act.rhai", script);
        self.runs(&["run", "act.rhai", "--tenant", &self.profile])
    }

    /// What an expression about the own tenant, called `tenant`, gives as JSON. It changes nothing.
    pub fn sees(&self, expression: &str) -> Value {
        let script =
            format!("const PARAMS = #{{ tenant: #{{ type: \"tenant\", help: \"\" }} }};\nlet tenant = args.tenant;\n{expression}\n");
        self.write("look.rhai", script);
        let ran = self.runs(&["run", "look.rhai", "--tenant", &self.profile, "--json"]);
        ran.succeeds();
        ran.json()
    }
}
