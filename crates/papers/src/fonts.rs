//! 字体: the Chinese fonts of the machine, found once and read when a template first uses them.

use crate::PaperError;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

/// How families end that draw the letters as another region does; the templates never name them.
const OTHER_REGIONS: &[&str] = &[" JP", " KR", " TC", " HK", " HC", " K"];
/// Letters that a Chinese notice cannot do without.
const NEEDED: &str = "电费欠缴停签";
/// How deep below a folder fonts are looked for.
const DEPTH: usize = 6;

/// The faces that templates may use.
pub struct Fonts {
    /// What Typst asks when it looks for a family.
    pub book: LazyHash<FontBook>,
    faces: Vec<Face>,
}

struct Face {
    path: PathBuf,
    index: u32,
    font: OnceLock<Option<Font>>,
}

/// The folders in which Linux, macOS and Windows keep fonts.
#[must_use]
pub fn system_folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = [
        "/usr/share/fonts",
        "/usr/local/share/fonts",
        "/System/Library/Fonts",
        "/Library/Fonts",
        "C:\\Windows\\Fonts",
    ]
    .iter()
    .map(PathBuf::from)
    .collect();
    if let Some(home) = std::env::home_dir() {
        folders.extend([".local/share/fonts", ".fonts", "Library/Fonts"].map(|below| home.join(below)));
    }
    folders.retain(|folder| folder.is_dir());
    folders
}

impl Fonts {
    /// Every face with Chinese letters below some folders, in the order of the paths.
    ///
    /// # Errors
    /// No such face, or a folder cannot be read.
    pub fn find(folders: &[PathBuf]) -> Result<Self, PaperError> {
        let mut files = Vec::new();
        for folder in folders {
            collect(folder, DEPTH, &mut files)?;
        }
        files.sort();
        files.dedup();
        let mut infos = Vec::new();
        let mut faces = Vec::new();
        for path in files {
            let Ok(data) = std::fs::read(&path) else { continue };
            for index in 0..ttf_parser::fonts_in_collection(&data).unwrap_or(1) {
                let Some(info) = chinese(&data, index) else { continue };
                infos.push(info);
                faces.push(Face { path: path.clone(), index, font: OnceLock::new() });
            }
        }
        if faces.is_empty() {
            return Err(PaperError::NoChineseFont { searched: folders.to_vec() });
        }
        Ok(Self { book: LazyHash::new(FontBook::from_infos(infos)), faces })
    }

    /// The face at a place of the book.
    pub fn font(&self, at: usize) -> Option<Font> {
        let face = self.faces.get(at)?;
        face.font.get_or_init(|| Font::new(self.data(face)?, face.index)).clone()
    }

    /// The bytes of a face's file, shared with the other faces of the file that are in use.
    fn data(&self, face: &Face) -> Option<Bytes> {
        let shared = self
            .faces
            .iter()
            .filter(|other| other.path == face.path)
            .find_map(|other| other.font.get()?.as_ref().map(|font| font.data().clone()));
        shared.or_else(|| std::fs::read(&face.path).ok().map(Bytes::new))
    }
}

/// What the book has to know of a face, when it has simplified Chinese letters.
fn chinese(data: &[u8], index: u32) -> Option<FontInfo> {
    let face = ttf_parser::Face::parse(data, index).ok()?;
    if NEEDED.chars().any(|letter| face.glyph_index(letter).is_none()) {
        return None;
    }
    let info = FontInfo::new(data, index)?;
    let elsewhere = OTHER_REGIONS.iter().any(|region| info.family.ends_with(region));
    (!elsewhere).then_some(info)
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), PaperError> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) => return Err(PaperError::Read { path: folder.to_path_buf(), source }),
    };
    for path in entries.filter_map(|entry| Some(entry.ok()?.path())) {
        if path.is_dir() {
            // A folder below that is closed to us is skipped; the one that was named is not.
            if depth > 0 {
                collect(&path, depth - 1, files).ok();
            }
        } else if is_font(&path) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_font(path: &Path) -> bool {
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase());
    ending.is_some_and(|ending| ["otf", "ttf", "ttc", "otc"].contains(&ending.as_str()))
}
