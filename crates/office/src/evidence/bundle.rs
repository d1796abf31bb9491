//! 证据包: files with a manifest, as a folder or as one archive; the same files give the same bytes.

use super::sha256_hex;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::refusal::Refuse;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io::{Cursor, Read as _, Write as _};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

/// The list of files.
pub(super) const MANIFEST: &str = "MANIFEST.json";
/// The digest of the list.
pub(super) const DIGEST: &str = "MANIFEST.sha256";
/// The form of a bundle.
pub(super) const FORMAT: &str = "denghuo-bundle-1";
/// The index for people; it tells the digest of everything else and is not part of it.
pub(super) const PAPER: &str = "index.pdf";

/// What a bundle is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BundleHead {
    /// Form of the bundle.
    pub format: String,
    /// Name and version of the program that made it.
    pub product: String,
    /// 户号
    pub account_no: String,
    /// `account`, `cut:2`, `legal:1`, `notice:3`.
    pub case: String,
    /// The day whose state it tells.
    pub as_of: String,
}

/// One file of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    /// Its path.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256.
    pub sha256: String,
}

/// The list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    /// What it is about.
    pub head: BundleHead,
    /// Every file but the list itself and its digest.
    pub files: Vec<Listed>,
}

/// Files by path.
pub type Bundle = BTreeMap<String, Vec<u8>>;

/// JSON as bundles hold it: indented, with a line break at the end.
pub(super) fn json_bytes(value: &impl Serialize) -> Vec<u8> {
    // A value of strings, numbers, lists and maps by text cannot fail to be written.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The list of files as it has to be, byte for byte.
pub(super) fn manifest_bytes<'f>(
    head: &BundleHead,
    files: impl Iterator<Item = (&'f String, &'f Vec<u8>)>,
) -> Vec<u8> {
    let files = files
        .filter(|(path, _)| *path != MANIFEST && *path != DIGEST)
        .map(|(path, bytes)| Listed {
            path: path.clone(),
            size: bytes.len() as u64,
            sha256: sha256_hex(bytes),
        })
        .collect();
    json_bytes(&Manifest { head: head.clone(), files })
}

/// 内容摘要: the digest of everything but the index for people, which is printed on that.
pub(super) fn content_digest(head: &BundleHead, files: &Bundle) -> String {
    sha256_hex(&manifest_bytes(head, files.iter().filter(|(path, _)| *path != PAPER)))
}

/// What stands in the file of the digest.
pub(super) fn digest_line(digest: &str) -> Vec<u8> {
    format!("{digest}  {MANIFEST}\n").into_bytes()
}

/// A bundle with its list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// Every file, the list and its digest included.
    pub files: Bundle,
    /// SHA-256 of the list: what is printed and given away.
    pub digest: String,
}

impl Sealed {
    /// Adds the list and its digest to the files of a case.
    #[must_use]
    pub(super) fn new(head: &BundleHead, mut files: Bundle) -> Self {
        let manifest = manifest_bytes(head, files.iter());
        let digest = sha256_hex(&manifest);
        files.insert(MANIFEST.to_owned(), manifest);
        files.insert(DIGEST.to_owned(), digest_line(&digest));
        Self { files, digest }
    }

    /// The bundle as one archive, in which the files stand as they are.
    ///
    /// # Errors
    /// The archive cannot be written: a file is too large for it.
    pub fn archive(&self) -> Result<Vec<u8>, BundleError> {
        archive_of(&self.files)
    }

    /// Writes the bundle: an archive when the path ends in `.zip`, else a folder, which has to be empty or new.
    ///
    /// # Errors
    /// The folder holds something, or the file system's.
    pub fn write(&self, to: &Path) -> Result<(), BundleError> {
        let failed = |error: std::io::Error| BundleError::Io(to.to_owned(), error.to_string());
        if to.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip")) {
            return std::fs::write(to, self.archive()?).map_err(failed);
        }
        std::fs::create_dir_all(to).map_err(failed)?;
        if std::fs::read_dir(to).map_err(failed)?.next().is_some() {
            return Err(BundleError::NotEmpty(to.to_owned()));
        }
        for (path, bytes) in &self.files {
            let file = to.join(path);
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder).map_err(failed)?;
            }
            std::fs::write(file, bytes).map_err(failed)?;
        }
        Ok(())
    }
}

/// Why a bundle is not written or read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The file system says no.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, String),
    /// The folder holds something already.
    #[error("{}: not empty 目录非空", .0.display())]
    NotEmpty(PathBuf),
    /// The archive cannot be written.
    #[error("the archive cannot be written: {0}")]
    Archive(String),
}

impl Refuse for BundleError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io(..) => "bundle.file_system",
            Self::NotEmpty(_) => "bundle.not_empty",
            Self::Archive(_) => "bundle.archive",
        }
    }
    fn text(&self) -> Bilingual {
        match self {
            Self::Io(path, why) => Bilingual::new(
                format!("无法读写{}:{why}", path.display()),
                format!("cannot read or write {}: {why}", path.display()),
            ),
            Self::NotEmpty(path) => Bilingual::new(
                format!("目录{}非空", path.display()),
                format!("the folder {} is not empty", path.display()),
            ),
            Self::Archive(why) => Bilingual::new(
                format!("证据包无法写入:{why}"),
                format!("the archive cannot be written: {why}"),
            ),
        }
    }
}

/// The one archive that these files give: stored, in order of the path, without a moment.
pub(super) fn archive_of(files: &Bundle) -> Result<Vec<u8>, BundleError> {
    let failed = |error: &dyn std::fmt::Display| BundleError::Archive(error.to_string());
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Stored)
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        writer.start_file(path.as_str(), options).map_err(|e| failed(&e))?;
        writer.write_all(bytes).map_err(|e| failed(&e))?;
    }
    writer.finish().map(Cursor::into_inner).map_err(|e| failed(&e))
}

/// A bundle as it was found.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// Its files; of an archive whatever could be taken out of it.
    pub files: Bundle,
    /// The bytes of the archive.
    pub archive: Option<Vec<u8>>,
    /// Which file the bytes of the archive from an offset on belong to, in order.
    pub places: Vec<(usize, String)>,
    /// What cannot be read: where, and why.
    pub unreadable: Vec<(String, String)>,
}

/// Reads a folder or an archive.
pub(super) fn read(from: &Path) -> Result<Read, BundleError> {
    let failed = |error: std::io::Error| BundleError::Io(from.to_owned(), error.to_string());
    if std::fs::metadata(from).map_err(failed)?.is_dir() {
        let mut found = Read::default();
        walk(from, from, &mut found).map_err(failed)?;
        return Ok(found);
    }
    Ok(unpack(std::fs::read(from).map_err(failed)?))
}

fn walk(top: &Path, folder: &Path, found: &mut Read) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.strip_prefix(top).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let kind = std::fs::symlink_metadata(&path)?.file_type();
        if kind.is_dir() {
            walk(top, &path, found)?;
        } else if kind.is_file() {
            found.files.insert(name, std::fs::read(&path)?);
        } else {
            found.unreadable.push((name, "it is neither a file nor a folder".to_owned()));
        }
    }
    Ok(())
}

/// Takes an archive apart. Checksums of the archive are not looked at: the list has better ones.
pub(super) fn unpack(bytes: Vec<u8>) -> Read {
    let mut found = Read::default();
    let mut take = || -> Result<(), zip::result::ZipError> {
        let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice()))?;
        for at in 0..archive.len() {
            let mut file = archive.by_index_raw(at)?;
            let name = file.name()?.into_owned();
            found.places.push((usize::try_from(file.header_start()).unwrap_or(usize::MAX), name.clone()));
            let mut content = Vec::new();
            match file.read_to_end(&mut content) {
                Ok(_) => drop(found.files.insert(name, content)),
                Err(error) => found.unreadable.push((name, error.to_string())),
            }
        }
        Ok(())
    };
    if let Err(error) = take() {
        found.unreadable.push((ARCHIVE.to_owned(), error.to_string()));
    }
    found.places.sort();
    found.archive = Some(bytes);
    found
}

/// How the frame of an archive is named, which is no file of the bundle.
pub(super) const ARCHIVE: &str = "(archive)";
