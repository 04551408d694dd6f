//! `Served`: a sandbox that is served by a process of its own, for programs that know nothing of it.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::TcpStream;
use std::process::Child;
use std::process::ChildStdout;
use std::process::Command;
use std::process::Stdio;

use reqwest::Certificate;
use reqwest::Proxy;
use serde_json::Value;

/// A running `xtenant sandbox serve`. It is killed at the end of the test unless it ended before.
pub struct Served {
    process: Child,
    stdout: BufReader<ChildStdout>,
    first_line: String,
}

impl Served {
    /// Starts the command and waits for its first line.
    pub fn new(mut command: Command) -> Self {
        let started = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let mut process = started.expect("the program was built for this test");
        let mut stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut first_line = String::new();
        stdout.read_line(&mut first_line).expect("standard output can be read");
        assert!(!first_line.is_empty(), "it ended without a word: {:?}", process.wait());
        Self {
            process,
            stdout,
            first_line,
        }
    }

    /// What it said of itself on its first line.
    pub fn description(&self) -> Value {
        serde_json::from_str(&self.first_line).expect("the first line is JSON")
    }

    /// A text of the description.
    pub fn says(&self, pointer: &str) -> String {
        let description = self.description();
        let text = description.pointer(pointer).and_then(Value::as_str);
        text.unwrap_or_else(|| panic!("no {pointer} in {description}")).to_owned()
    }

    /// A program's connection without TLS.
    pub fn connection(&self) -> TcpStream {
        TcpStream::connect(self.says("/listen")).expect("it listens")
    }

    /// What it answers to a message without TLS, until it closes the connection or the answer's head and text are there.
    pub fn answers(&self, message: &str) -> String {
        let mut connection = self.connection();
        connection.write_all(message.as_bytes()).expect("it takes what it is sent");
        connection.shutdown(std::net::Shutdown::Write).expect("the connection is open");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).expect("it answers in text");
        answer
    }

    /// A client that was told of the proxy and the certificate, and of nothing else.
    pub fn stranger(&self) -> reqwest::Client {
        let proxy = Proxy::https(self.says("/proxy")).expect("the proxy has an address");
        let client = reqwest::Client::builder().proxy(proxy).tls_certs_only([self.root()]);
        client.build().expect("a client")
    }

    /// The certificate authority that clients are to trust.
    pub fn root(&self) -> Certificate {
        let pem = std::fs::read(self.says("/ca_file")).expect("the certificate can be read");
        Certificate::from_pem(&pem).expect("a certificate")
    }

    /// Kills the process as nobody can refuse.
    #[cfg(unix)]
    pub fn is_killed(&self) {
        let killed = Command::new("kill").args(["-KILL", &self.process.id().to_string()]).status();
        assert!(killed.expect("`kill` is there").success());
    }

    /// Asks the process to end, and returns its status.
    #[cfg(unix)]
    pub fn ends_when_told(mut self) -> Option<i32> {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(told.expect("`kill` is there").success());
        let mut rest = String::new();
        self.stdout.read_to_string(&mut rest).expect("standard output can be read");
        assert_eq!(rest, "", "one line is all that it writes");
        self.process.wait().expect("it ends").code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It has ended already when it was told to.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
