//! The mail relay of `tests/peers/smtp_peer.py`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Lines, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

/// A running relay with the folder in which it keeps what it accepted.
pub struct Relay {
    child: Child,
    said: Lines<BufReader<ChildStdout>>,
    maildir: tempfile::TempDir,
    port: u16,
}

/// The Python that has aiosmtpd; `cargo xtask setup` makes it.
fn python() -> Option<PathBuf> {
    let made = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/venv/bin/python");
    let path = std::env::var_os("DENGHUO_TEST_PYTHON").map_or_else(made, PathBuf::from);
    path.exists().then_some(path)
}

impl Relay {
    /// Starts one; nothing where Python's aiosmtpd is not installed.
    pub fn start(args: &[&str]) -> Option<Self> {
        let Some(python) = python() else {
            eprintln!("run `cargo xtask setup`: without aiosmtpd nothing is sent by mail");
            return None;
        };
        let maildir = tempfile::tempdir().expect("a folder");
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/smtp_peer.py");
        let mut command = Command::new(python);
        command.arg(script).arg(maildir.path()).args(args).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("the relay starts");
        let mut said = BufReader::new(child.stdout.take().expect("its output")).lines();
        let first = said.next().expect("a line").expect("text");
        let port = first.strip_prefix("port ").expect("its port").parse().expect("a number");
        Some(Self { child, said, maildir, port })
    }

    /// The configuration that sends to it.
    pub fn config(&self, with_archive: bool) -> String {
        let mut text = format!(
            "[mail]\nserver = \"127.0.0.1\"\nport = {}\ntls = \"none\"\nfrom = \"bill@company.cn\"\nname = \"供电公司\"\n\
             timeout_seconds = 20\n",
            self.port
        );
        if with_archive {
            text.push_str(&format!("archive = \"{}\"\n", self.maildir.path().display()));
        }
        text
    }

    /// Waits until it has kept so many mails in all.
    pub fn wait_for(&mut self, stored: usize) {
        let wanted = format!("stored {stored}");
        while self.line() != wanted {}
    }

    /// Waits until nobody is connected; how many mails it has kept.
    pub fn settle(&mut self) -> usize {
        writeln!(self.child.stdin.as_mut().expect("its input"), "settle").expect("it listens");
        loop {
            if let Some(stored) = self.line().strip_prefix("settled ") {
                return stored.parse().expect("a number");
            }
        }
    }

    fn line(&mut self) -> String {
        self.said.next().expect("it speaks").expect("text")
    }

    /// How often each Message-ID was accepted.
    pub fn accepted(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for mail in self.mails() {
            let id = mail.lines().find_map(|line| line.strip_prefix("Message-ID: ")).expect("a Message-ID");
            *counts.entry(id.to_owned()).or_default() += 1;
        }
        counts
    }

    /// Every mail it accepted.
    pub fn mails(&self) -> Vec<String> {
        let folder = self.maildir.path().join("new");
        let entries = std::fs::read_dir(folder).expect("a folder");
        entries
            .map(|entry| {
                let bytes = std::fs::read(entry.expect("an entry").path()).expect("a mail");
                String::from_utf8_lossy(&bytes).into_owned()
            })
            .collect()
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
