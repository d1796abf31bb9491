//! Private PostgreSQL clusters of this checkout: fresh at every start, gone at every stop.
//!
//! The tests' cluster gives up durability for speed; the benchmark's cluster keeps it. A cluster listens on a free
//! port of the loopback address only and trusts whoever reaches it: nothing but test data is ever in it.

mod binaries;
mod cluster;
mod server_user;

pub use binaries::Binaries;
pub use cluster::{Cluster, Purpose};

use clap::Subcommand;

/// What can be done with the tests' cluster.
#[derive(Subcommand)]
pub enum PgCommand {
    /// Start the tests' cluster and leave it running; prints the variable to export
    Start,
    /// Stop the tests' cluster and delete it
    Stop,
    /// Print the URL of the running cluster
    Url,
}

/// Does it.
pub fn run(command: &PgCommand) -> anyhow::Result<()> {
    match command {
        PgCommand::Start => {
            let cluster = Cluster::start(Purpose::Tests)?;
            println!("export DENGHUO_TEST_PG={}", cluster.url());
            cluster.leave_running()
        }
        PgCommand::Stop => cluster::stop(Purpose::Tests),
        PgCommand::Url => {
            println!("{}", cluster::running_url(Purpose::Tests)?);
            Ok(())
        }
    }
}
