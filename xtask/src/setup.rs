//! What the developer commands need beyond the Rust toolchain, installed when it is missing.

use crate::postgres::Binaries;
use crate::shell::{cargo, find_in_path, must, output, program, target_dir};
use anyhow::{Context as _, bail};
use std::path::PathBuf;
use std::process::Command;

/// The mail relay that the tests send to and the identity provider that they sign in by, as pip names them.
const PEERS: [&str; 2] = ["aiosmtpd==1.4.6", "oidc-provider-mock==0.3.4"];
/// What makes requests up from the OpenAPI document, as pip names it.
const SCHEMATHESIS: &str = "schemathesis==4.32.5";

/// Installs everything that `test` and `demo` need.
pub fn run() -> anyhow::Result<()> {
    components()?;
    println!("rustfmt and clippy: ready");
    nextest()?;
    println!("cargo-nextest: ready");
    let binaries = postgresql()?;
    println!("PostgreSQL: ready in {}", binaries.dir.display());
    println!("mail relay and identity provider of the tests: ready in {}", peers()?.display());
    println!("schemathesis: ready in {}", schemathesis()?.display());
    chinese_fonts()?;
    println!("Chinese fonts: ready");
    crate::console::packages()?;
    println!("Node.js and the packages of the console: ready");
    chromium()?;
    println!("Chromium: ready");
    Ok(())
}

/// The formatter and the linter, from rustup when they are missing.
pub fn components() -> anyhow::Result<()> {
    for (subcommand, component) in [("fmt", "rustfmt"), ("clippy", "clippy")] {
        if !answers(cargo().args([subcommand, "--version"])) {
            println!("{component} is missing: adding it to the toolchain");
            must(program("rustup").args(["component", "add", component]))
                .with_context(|| format!("cannot add {component}; install the toolchain with rustup"))?;
        }
    }
    Ok(())
}

/// The test runner, from crates.io when it is missing.
pub fn nextest() -> anyhow::Result<()> {
    if answers(cargo().args(["nextest", "--version"])) {
        return Ok(());
    }
    println!("cargo-nextest is missing: installing it from crates.io");
    must(cargo().args(["install", "cargo-nextest", "--locked"]))
        .context("cannot install cargo-nextest; see https://nexte.st/docs/installation")
}

/// The server's programs, from Debian's package when they are missing.
pub fn postgresql() -> anyhow::Result<Binaries> {
    if let Some(binaries) = Binaries::find() {
        return Ok(binaries);
    }
    println!("PostgreSQL is missing: installing Debian's package `postgresql`");
    apt_install("postgresql").context(
        "PostgreSQL is needed and cannot be installed here: install the package `postgresql` \
         (any version from 13), so that initdb and pg_ctl are in PATH or in /usr/lib/postgresql/*/bin",
    )?;
    Binaries::find().context("the package `postgresql` is installed, but initdb and pg_ctl are not found")
}

/// A font with Chinese letters for the papers, from Debian's package when none is found.
pub fn chinese_fonts() -> anyhow::Result<()> {
    if std::env::var_os("DENGHUO_FONTS").is_some() || has_chinese_font() {
        return Ok(());
    }
    println!("No Chinese font is here: installing Debian's package `fonts-noto-cjk`");
    apt_install("fonts-noto-cjk").context(
        "papers need a Chinese font and none can be installed here: install the package `fonts-noto-cjk`, or name a \
         folder of fonts in DENGHUO_FONTS",
    )
}

/// True when a well-known Chinese font lies where the papers look first. A font that is not known here does no harm:
/// the package is installed beside it.
fn has_chinese_font() -> bool {
    let folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts"];
    folders.iter().any(|folder| holds_chinese_font(std::path::Path::new(folder), 4))
}

fn holds_chinese_font(folder: &std::path::Path, depth: usize) -> bool {
    let Ok(entries) = std::fs::read_dir(folder) else { return false };
    entries.flatten().any(|entry| {
        let name = entry.file_name().to_string_lossy().replace([' ', '-'], "");
        let is_known = ["NotoSerifCJK", "NotoSansCJK", "NotoSerifSC", "NotoSansSC", "SourceHan", "Songti"]
            .iter()
            .any(|known| name.starts_with(known));
        is_known || (depth > 0 && holds_chinese_font(&entry.path(), depth - 1))
    })
}

/// The Python of a private environment below `target/` that has the servers that the tests talk to.
pub fn peers() -> anyhow::Result<PathBuf> {
    let venv = target_dir().join("venv");
    let python = venv.join("bin").join("python");
    if answers(Command::new(&python).args(["-c", "import aiosmtpd, oidc_provider_mock"])) {
        return Ok(python);
    }
    println!("{} are missing: installing them from PyPI into {}", PEERS.join(" and "), venv.display());
    let help = "the tests talk to servers written in Python: install Python 3.10 or newer with its modules venv \
                and pip (Debian: python3-venv), and let pip reach PyPI";
    must(program("python3").args(["-m", "venv"]).arg(&venv)).context(help)?;
    must(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(PEERS)).context(help)?;
    Ok(python)
}

/// The folder of programs of the private environment that has schemathesis, which makes requests up from the OpenAPI document.
pub fn schemathesis() -> anyhow::Result<PathBuf> {
    let venv = target_dir().join("venv");
    let programs = venv.join("bin");
    if answers(Command::new(programs.join("schemathesis")).arg("--version")) {
        return Ok(programs);
    }
    println!("schemathesis is missing: installing it from PyPI into {}", venv.display());
    let help = "the step `api` needs Python 3.10 or newer with its modules venv and pip (Debian: python3-venv), and PyPI";
    must(program("python3").args(["-m", "venv"]).arg(&venv)).context(help)?;
    must(Command::new(programs.join("python")).args(["-m", "pip", "install", "--quiet", SCHEMATHESIS]))
        .context(help)?;
    Ok(programs)
}

/// Node.js and npm for the console, from Debian's packages when they are missing. Both have to be new enough.
pub fn node() -> anyhow::Result<()> {
    if find_in_path("node").is_none() || find_in_path("npm").is_none() {
        println!("Node.js is missing: installing Debian's packages `nodejs` and `npm`");
        apt_install("nodejs").and_then(|()| apt_install("npm")).context(NODE_HELP)?;
    }
    for (name, least) in [("node", (20, 19)), ("npm", (11, 0))] {
        let told = output(program(name).arg("--version")).context(NODE_HELP)?;
        let is_new_enough = version(&told).is_some_and(|found| found >= least);
        if !is_new_enough {
            bail!("{name} {} is too old: {NODE_HELP}", told.trim());
        }
    }
    Ok(())
}

/// What is told where Node.js cannot be had.
const NODE_HELP: &str = "the console needs Node.js 20.19 or newer with npm 11 or newer; see https://nodejs.org, and \
                         `npm install --global npm@11` for a newer npm";

/// Major and minor of a version such as `v20.19.2`.
fn version(told: &str) -> Option<(u32, u32)> {
    let mut parts = told.trim().trim_start_matches('v').split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

/// The browser of the tests, from Debian's package when it is missing.
pub fn chromium() -> anyhow::Result<()> {
    let named = std::env::var_os("DENGHUO_CHROMIUM").map(PathBuf::from);
    let usual = PathBuf::from("/usr/bin/chromium");
    if named.unwrap_or(usual).exists() {
        return Ok(());
    }
    println!("Chromium is missing: installing Debian's package `chromium`");
    apt_install("chromium").context(
        "the browser tests need Chromium and it cannot be installed here: install the package `chromium`, or name the \
         program in DENGHUO_CHROMIUM",
    )
}

fn answers(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}

/// Installs a Debian package, as root or through sudo.
fn apt_install(package: &str) -> anyhow::Result<()> {
    if find_in_path("apt-get").is_none() {
        bail!("there is no apt-get on this machine");
    }
    let as_root = |arguments: &[&str]| {
        let mut command = if is_root() {
            program("apt-get")
        } else {
            let mut sudo = program("sudo");
            sudo.args(["-n", "apt-get"]);
            sudo
        };
        must(command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive"))
    };
    as_root(&["update", "-q"])?;
    as_root(&["install", "-y", "-q", "--no-install-recommends", package])
}

/// True when this process may do everything.
pub fn is_root() -> bool {
    program("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

#[cfg(test)]
mod tests {
    use super::version;

    #[test]
    fn versions_are_read() {
        assert_eq!(version("v20.19.2\n"), Some((20, 19)));
        assert_eq!(version("11.0.0"), Some((11, 0)));
        assert_eq!(version("nothing"), None);
    }
}
