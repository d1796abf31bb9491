//! The program in a folder of its own, with a database of either engine.

use denghuo_store::testing::{TestStore, contents, postgres};
use denghuo_store::{Conn, Store};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a run of the program ended with: exit code 0 or not, standard output, standard error.
pub type Ended = (bool, String, String);

/// Every row of every table.
pub type Contents = BTreeMap<String, Vec<String>>;

/// A folder and a database.
pub struct Site {
    folder: tempfile::TempDir,
    db: String,
    /// A schema of PostgreSQL, which goes with this value.
    _schema: Option<TestStore>,
}

impl Site {
    /// With an embedded database in the folder, not made yet.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let db = format!("sqlite://{}", folder.path().join("site.db").display());
        Self { folder, db, _schema: None }
    }

    /// With whatever an address leads to.
    pub fn at(db: &str) -> Self {
        Self { db: db.to_owned(), ..Self::new() }
    }

    /// With a schema on the test server; nothing when there is no server.
    pub fn postgres() -> Option<Self> {
        let schema = postgres().expect("a PostgreSQL test schema")?;
        let folder = tempfile::tempdir().expect("a folder");
        Some(Self { folder, db: schema.store.url().to_owned(), _schema: Some(schema) })
    }

    /// With a copy of an embedded database that nobody has open.
    pub fn copy_of(file: &Path) -> Self {
        let site = Self::new();
        std::fs::copy(file, site.file()).expect("a copy");
        site
    }

    /// The embedded database's file.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("site.db")
    }

    /// A connection to the database, its tables made.
    pub fn conn(&self) -> Conn {
        Store::open(&self.db).and_then(|store| store.connect()).expect("a database")
    }

    /// Every row of the database.
    pub fn contents(&self) -> Contents {
        contents(&mut self.conn()).expect("readable tables")
    }

    /// Address of the database.
    pub fn db(&self) -> &str {
        &self.db
    }

    /// A file of the folder.
    pub fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().expect("a path of text").to_owned()
    }

    /// Writes a file into the folder.
    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).expect("a file");
    }

    /// The program, ready to start in the folder.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_denghuo"));
        command.current_dir(&self.folder).args(["--db", &self.db]).args(args).stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub fn run(&self, args: &[&str]) -> Ended {
        let output = self.command(args).output().expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (output.status.success(), text(&output.stdout), text(&output.stderr))
    }

    /// Runs the program, which has to end well; its standard output.
    pub fn ok(&self, args: &[&str]) -> String {
        let (ok, out, err) = self.run(args);
        assert!(ok, "{args:?}: {err}");
        out
    }
}
