//! 模板: the standard templates that the program carries, and a site's folder laid over them file by file.

use crate::PaperError;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use typst::foundations::Bytes;
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};

macro_rules! standard {
    ($($path:literal),* $(,)?) => {
        /// `(name, text)` of every standard file; a test compares the list with the folder `templates/paper`.
        pub const STANDARD: &[(&str, &str)] =
            &[$(($path, include_str!(concat!("../../../templates/paper/", $path)))),*];
    };
}

standard![
    "README.md",
    "authority_copy.typ",
    "bill.typ",
    "demand.typ",
    "e_bill.typ",
    "estate_posting.typ",
    "evidence_index.typ",
    "lawyer_letter.typ",
    "lib.typ",
    "payment_order.typ",
    "receipt.typ",
    "restoration.typ",
    "sample.json",
    "stop_execution.typ",
    "stop_plan.typ",
];

/// What every template imports; it is no template itself.
const LIBRARY: &str = "lib.typ";
/// The data that `check` prints.
const SAMPLE: &str = "sample.json";
/// The largest file that a site's folder may hold: a picture of the company's mark is far below.
const LARGEST_BYTES: u64 = 8 << 20;

/// All files that a template can read.
pub struct Templates {
    sources: HashMap<FileId, Source>,
    files: HashMap<FileId, Bytes>,
    names: Vec<String>,
    sample: String,
}

/// The place of a file in Typst's own tree. Only the names of templates and the numbers of slots get one: Typst
/// knows no more than 65,535 places in a process.
pub fn place(path: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).ok()?).intern())
}

impl Templates {
    /// The standard files, with those of a site's folder laid over them.
    ///
    /// # Errors
    /// The folder or one of its files cannot be read, or a file is too large.
    pub fn read(site: Option<&Path>) -> Result<Self, PaperError> {
        let mut all: BTreeMap<String, Vec<u8>> =
            STANDARD.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect();
        if let Some(folder) = site {
            read_folder(folder, "", &mut all)?;
        }
        let mut templates =
            Self { sources: HashMap::new(), files: HashMap::new(), names: Vec::new(), sample: String::new() };
        for (name, data) in all {
            templates.add(&name, data)?;
        }
        Ok(templates)
    }

    fn add(&mut self, name: &str, data: Vec<u8>) -> Result<(), PaperError> {
        let Some(id) = place(name) else { return Ok(()) };
        let wrong = |_| PaperError::Template {
            template: name.to_owned(),
            file: name.to_owned(),
            line: 0,
            message: "不是 UTF-8 文本 not UTF-8".to_owned(),
        };
        if name == SAMPLE {
            self.sample = String::from_utf8(data.clone()).map_err(wrong)?;
        }
        if let Some(stem) = name.strip_suffix(".typ") {
            let text = String::from_utf8(data.clone()).map_err(wrong)?;
            self.sources.insert(id, Source::new(id, text));
            if name != LIBRARY && !stem.contains('/') {
                self.names.push(stem.to_owned());
            }
        }
        self.files.insert(id, Bytes::new(data));
        Ok(())
    }

    /// The names of the templates, sorted.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The data that show every part of every template.
    pub fn sample(&self) -> &str {
        &self.sample
    }

    /// A Typst file.
    pub fn source(&self, id: FileId) -> Option<Source> {
        self.sources.get(&id).cloned()
    }

    /// Any file.
    pub fn file(&self, id: FileId) -> Option<Bytes> {
        self.files.get(&id).cloned()
    }

    /// The error when there is no template of this name.
    pub fn must_know(&self, name: &str) -> Result<(), PaperError> {
        if self.names.iter().any(|known| known == name) {
            return Ok(());
        }
        Err(PaperError::UnknownTemplate { name: name.to_owned(), known: self.names.clone() })
    }
}

/// The files below a folder by their path from it with `/`; hidden ones are left out.
fn read_folder(folder: &Path, before: &str, all: &mut BTreeMap<String, Vec<u8>>) -> Result<(), PaperError> {
    let fail = |path: &Path| {
        let path = path.to_path_buf();
        move |source| PaperError::Read { path, source }
    };
    for entry in std::fs::read_dir(folder).map_err(fail(folder))? {
        let entry = entry.map_err(fail(folder))?;
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if name.starts_with('.') {
            continue;
        }
        let inner = format!("{before}{name}");
        let about = std::fs::metadata(&path).map_err(fail(&path))?;
        if about.is_dir() {
            read_folder(&path, &format!("{inner}/"), all)?;
        } else if about.len() > LARGEST_BYTES {
            let too_large = std::io::Error::other(format!("超过 larger than {} MiB", LARGEST_BYTES >> 20));
            return Err(fail(&path)(too_large));
        } else {
            all.insert(inner, std::fs::read(&path).map_err(fail(&path))?);
        }
    }
    Ok(())
}
