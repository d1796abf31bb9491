//! Where the server's programs are.

use crate::shell::find_in_path;
use std::path::{Path, PathBuf};

/// The folder that holds `initdb`, `pg_ctl` and `postgres` of one version.
pub struct Binaries {
    /// The folder.
    pub dir: PathBuf,
}

impl Binaries {
    /// In `PATH` (through links, so that the three are of one version), else Debian's newest version.
    pub fn find() -> Option<Self> {
        let in_path = find_in_path("pg_ctl")
            .and_then(|path| path.canonicalize().ok())
            .and_then(|path| path.parent().map(Path::to_owned));
        in_path.into_iter().chain(debian_versions()).find(|dir| is_complete(dir)).map(|dir| Self { dir })
    }

    /// The path of one of the programs.
    pub fn program(&self, name: &str) -> String {
        self.dir.join(name).to_string_lossy().into_owned()
    }
}

fn is_complete(dir: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| dir.join(name).is_file())
}

/// `/usr/lib/postgresql/*/bin`, newest first.
fn debian_versions() -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir("/usr/lib/postgresql") else { return Vec::new() };
    let mut versions: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_string_lossy().parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    versions.into_iter().rev().map(|(_, dir)| dir).collect()
}
