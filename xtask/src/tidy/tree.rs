//! The files of a checkout, read once.

use super::rust::{Token, Tokens};
use anyhow::Context as _;
use std::path::Path;
use std::sync::OnceLock;

/// Folders that hold no sources of ours.
const SKIPPED: &[&str] = &["target", "var", "node_modules", "dist", "snapshots", "proptest-regressions"];
/// Types that are generated from the API's document, and not committed.
const GENERATED: &str = ".d.ts";
/// The endings of the files that checks read.
const READ: &[&str] = &["rs", "toml", "md", "sql", "ts", "tsx"];

/// A text file, by its path from the root with `/`.
pub struct File {
    /// Such as `crates/rules/src/units.rs`.
    pub path: String,
    /// Its text.
    pub text: String,
    tokens: OnceLock<Result<Tokens, String>>,
}

impl File {
    /// A file with its text.
    pub fn new(path: String, text: String) -> Self {
        Self { path, text, tokens: OnceLock::new() }
    }

    /// All its tokens, read once.
    ///
    /// # Errors
    /// A file that is not Rust.
    pub fn tokens(&self) -> Result<&Tokens, &str> {
        self.tokens.get_or_init(|| Tokens::read(&self.text)).as_ref().map_err(String::as_str)
    }

    /// Its tokens without tests; none when it is not Rust, which a check of its own reports.
    pub fn product_tokens(&self) -> &[Token] {
        self.tokens().map(|tokens| tokens.product.as_slice()).unwrap_or_default()
    }

    /// True for a path such as `crates/rules/…` when asked for `rules`.
    pub fn is_of_floor(&self, floor: &str) -> bool {
        self.path
            .strip_prefix("crates/")
            .and_then(|rest| rest.split_once('/'))
            .is_some_and(|(f, _)| f == floor)
    }

    /// True for the sources of a crate that are not tests or benches as a whole.
    pub fn is_product_source(&self) -> bool {
        self.path.ends_with(".rs")
            && self.path.contains("/src/")
            && !self.path.ends_with("/tests.rs")
            && !self.path.contains("/tests/")
    }
}

/// All files of a checkout that checks read, by path.
pub struct Tree {
    files: Vec<File>,
}

impl Tree {
    /// A tree of the given files.
    pub fn new(mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files }
    }

    /// Reads the checkout below `root`.
    pub fn load(root: &Path) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        read_folder(root, "", &mut files)?;
        Ok(Self::new(files))
    }

    /// All files, sorted by path.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// The file at a path.
    pub fn get(&self, path: &str) -> Option<&File> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }

    /// The files with an ending, given with its dot.
    pub fn ending<'a>(&'a self, ending: &'a str) -> impl Iterator<Item = &'a File> {
        self.files.iter().filter(move |file| file.path.ends_with(ending))
    }
}

fn read_folder(folder: &Path, prefix: &str, files: &mut Vec<File>) -> anyhow::Result<()> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && !name.starts_with('.') && !SKIPPED.contains(&name.as_str()) {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file()
            && !name.ends_with(GENERATED)
            && name.rsplit_once('.').is_some_and(|(_, ending)| READ.contains(&ending))
        {
            let text =
                std::fs::read_to_string(entry.path()).with_context(|| format!("cannot read {path}"))?;
            files.push(File::new(path, text));
        }
    }
    Ok(())
}
