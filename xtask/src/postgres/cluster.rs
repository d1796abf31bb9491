//! One cluster: started, asked for its URL, stopped.

use super::server_user::ServerUser;
use crate::setup;
use crate::shell::{must, program, target_dir};
use anyhow::Context as _;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

/// The superuser of a cluster.
const SUPERUSER: &str = "denghuo";

/// What a cluster is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Speed: nothing survives a crash of the machine.
    Tests,
    /// Durable, as in service.
    Bench,
}

impl Purpose {
    fn name(self) -> &'static str {
        match self {
            Self::Tests => "test",
            Self::Bench => "bench",
        }
    }

    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Tests => &[
                "fsync=off",
                "full_page_writes=off",
                "synchronous_commit=off",
                "max_connections=200",
                "autovacuum=off",
            ],
            Self::Bench => &["shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=15min"],
        }
    }
}

/// A running cluster. Dropping it stops it, unless someone else started it or it is to be left running.
pub struct Cluster {
    purpose: Purpose,
    port: u16,
    stops_at_drop: bool,
}

impl Cluster {
    /// Starts a fresh cluster, or takes the one that is running.
    ///
    /// One that a developer started, or another run that still lives, is borrowed: it goes on afterwards. One that a
    /// killed run left behind is taken over and stopped in the end.
    pub fn start(purpose: Purpose) -> anyhow::Result<Self> {
        let place = Place::of(purpose)?;
        if let Some(port) = place.running_port() {
            return Ok(Self { purpose, port, stops_at_drop: !place.owner_lives() });
        }
        let binaries = setup::postgresql()?;
        place.clear()?;
        must(
            place
                .user
                .runs(&mut program(&binaries.program("initdb")))
                .current_dir(&place.folder)
                .args(["-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "-D"])
                .arg(place.data())
                .stdout(Stdio::null()),
        )?;
        let port = free_port()?;
        let mut options = format!("-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''");
        for setting in purpose.settings() {
            options.push_str(" -c ");
            options.push_str(setting);
        }
        must(
            place
                .user
                .runs(&mut program(&binaries.program("pg_ctl")))
                .current_dir(&place.folder)
                .args(["start", "--wait", "--silent", "-o", &options, "-D"])
                .arg(place.data())
                .arg("-l")
                .arg(place.log())
                .stdout(Stdio::null()),
        )
        .with_context(|| format!("PostgreSQL does not start; its log is {}", place.log().display()))?;
        std::fs::write(place.owner(), std::process::id().to_string())?;
        Ok(Self { purpose, port, stops_at_drop: true })
    }

    /// Where tests and programs connect.
    pub fn url(&self) -> String {
        url(self.port)
    }

    /// Leaves it running after this program; later runs borrow it.
    pub fn leave_running(mut self) -> anyhow::Result<()> {
        self.stops_at_drop = false;
        std::fs::write(Place::of(self.purpose)?.owner(), DEVELOPER)?;
        Ok(())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.stops_at_drop
            && let Err(error) = stop(self.purpose)
        {
            eprintln!("the private PostgreSQL cluster is still running: {error:#}");
        }
    }
}

/// Stops a cluster and deletes it; its log stays.
pub fn stop(purpose: Purpose) -> anyhow::Result<()> {
    let place = Place::of(purpose)?;
    if place.running_port().is_some() {
        let binaries = setup::postgresql()?;
        must(
            place
                .user
                .runs(&mut program(&binaries.program("pg_ctl")))
                .current_dir(&place.folder)
                .args(["stop", "--wait", "--silent", "--mode=immediate", "-D"])
                .arg(place.data()),
        )?;
    }
    place.clear()
}

/// The URL of the cluster that is running.
pub fn running_url(purpose: Purpose) -> anyhow::Result<String> {
    let port = Place::of(purpose)?.running_port();
    port.map(url).context("no cluster is running; `cargo xtask pg start` starts it")
}

/// In the owner's file: a person started it and stops it.
const DEVELOPER: &str = "developer";

/// Where a cluster lives, and whose it is.
struct Place {
    user: ServerUser,
    folder: PathBuf,
}

impl Place {
    fn of(purpose: Purpose) -> anyhow::Result<Self> {
        let user = ServerUser::choose()?;
        let wanted = target_dir().join("pg").join(purpose.name());
        let mut hasher = DefaultHasher::new();
        wanted.hash(&mut hasher);
        let fallback = format!("denghuo-pg-{}-{:016x}", purpose.name(), hasher.finish());
        Ok(Self { user, folder: user.reachable(wanted, &fallback)? })
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn owner(&self) -> PathBuf {
        self.folder.join("owner")
    }

    /// The port of the server that answers here. A `postmaster.pid` that a crash left behind names a process that is
    /// gone, or that is no server of ours: nothing answers, and it counts as not running.
    fn running_port(&self) -> Option<u16> {
        let pid_file = std::fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        let port = port_in_pid_file(&pid_file, &self.data())?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        TcpStream::connect_timeout(&address, Duration::from_secs(2)).ok().map(|_| port)
    }

    /// True when a developer started it or the run that started it is still there.
    fn owner_lives(&self) -> bool {
        let owner = std::fs::read_to_string(self.owner()).unwrap_or_default();
        owner == DEVELOPER || (!owner.is_empty() && Path::new("/proc").join(owner).exists())
    }

    /// Deletes the data of a cluster that is not running.
    fn clear(&self) -> anyhow::Result<()> {
        let _ = std::fs::remove_file(self.owner());
        match std::fs::remove_dir_all(self.data()) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot delete {}", self.data().display()))
            }
            _ => Ok(()),
        }
    }
}

/// The fourth line of `postmaster.pid` is the port, the second the data folder it belongs to.
fn port_in_pid_file(text: &str, data: &Path) -> Option<u16> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    (Path::new(lines.get(1)?) == data).then(|| lines.get(3)?.parse().ok())?
}

fn url(port: u16) -> String {
    format!("postgres://{SUPERUSER}@127.0.0.1:{port}/postgres")
}

fn free_port() -> anyhow::Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on the loopback address")?;
    Ok(listener.local_addr()?.port())
}

#[cfg(test)]
mod tests {
    use super::port_in_pid_file;
    use std::path::Path;

    #[test]
    fn the_port_is_read_only_from_a_pid_file_of_this_data_folder() {
        let text = "4711\n/x/data\n1700000000\n54321\n\n127.0.0.1\n";
        assert_eq!(port_in_pid_file(text, Path::new("/x/data")), Some(54321));
        assert_eq!(port_in_pid_file(text, Path::new("/y/data")), None);
        assert_eq!(port_in_pid_file("4711\n/x/data\n", Path::new("/x/data")), None);
    }
}
