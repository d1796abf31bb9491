//! PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`.

use crate::setup::is_root;
use crate::shell::{output, program};
use anyhow::Context as _;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who runs the server.
#[derive(Clone, Copy)]
pub enum ServerUser {
    /// The user of this process.
    Ourselves,
    /// Another user, because this process is root's.
    Other {
        /// User id.
        uid: u32,
        /// Group id.
        gid: u32,
    },
}

impl ServerUser {
    /// Chooses.
    pub fn choose() -> anyhow::Result<Self> {
        if !is_root() {
            return Ok(Self::Ourselves);
        }
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Some(Self::Other { uid: id("-u", name)?, gid: id("-g", name)? }))
            .context("PostgreSQL does not run as root, and there is neither a user `postgres` nor `nobody`")
    }

    /// Makes the command run as this user.
    pub fn runs(self, command: &mut Command) -> &mut Command {
        if let Self::Other { uid, gid } = self {
            command.uid(uid).gid(gid);
        }
        command
    }

    /// Creates a folder that belongs to this user.
    pub fn own_folder(self, path: &Path) -> anyhow::Result<()> {
        std::fs::create_dir_all(path).with_context(|| format!("cannot create {}", path.display()))?;
        if let Self::Other { uid, gid } = self {
            chown(path, Some(uid), Some(gid)).with_context(|| format!("cannot chown {}", path.display()))?;
        }
        Ok(())
    }

    /// The folder asked for, or one in the system's temporary folder when this user cannot reach it (a checkout below
    /// a private home).
    pub fn reachable(self, wanted: PathBuf, fallback: &str) -> anyhow::Result<PathBuf> {
        self.own_folder(&wanted)?;
        let mut probe = Command::new("test");
        probe.arg("-w").arg(&wanted);
        if self.runs(&mut probe).status().is_ok_and(|status| status.success()) {
            return Ok(wanted);
        }
        let other = std::env::temp_dir().join(fallback);
        self.own_folder(&other)?;
        Ok(other)
    }
}

fn id(flag: &str, user: &str) -> Option<u32> {
    output(program("id").args([flag, user])).ok()?.trim().parse().ok()
}
