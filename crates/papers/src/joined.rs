//! 合并打印: finished PDFs written one behind the other into one file, which is never in memory as a whole.

use crate::PaperError;
use lopdf::{Dictionary, Document, Object, ObjectId, Writer};
use std::io::{self, Write};

/// Pages below one node of the tree of pages.
const PAGES_PER_NODE: usize = 200;

/// A PDF file that grows.
pub struct Joined<W: Write> {
    out: W,
    written: u64,
    /// Where object number `index + 1` begins; 0 while it is not written.
    offsets: Vec<u64>,
    /// The nodes of the tree that are full, with their pages.
    nodes: Vec<(u32, usize)>,
}

/// The catalog and the root of the tree of pages have the first numbers.
const CATALOG: u32 = 1;
const ROOT: u32 = 2;

impl<W: Write> Joined<W> {
    /// Begins the file.
    pub fn begin(out: W) -> Result<Self, PaperError> {
        let mut file = Self { out, written: 0, offsets: vec![0; 2], nodes: Vec::new() };
        file.write(b"%PDF-1.7\n%\x80\x80\x80\x80\n")?;
        Ok(file)
    }

    /// Adds the pages of a finished PDF and gives their number.
    pub fn add(&mut self, pdf: &[u8]) -> Result<usize, PaperError> {
        let mut document = Document::load_mem(pdf).map_err(|error| not_joined(&error))?;
        document.renumber_objects_with(self.next()?);
        let pages: Vec<ObjectId> = document.page_iter().collect();
        let last = document.objects.keys().next_back().map_or(0, |id| id.0);
        self.offsets.resize(self.offsets.len().max(last as usize), 0);
        for group in pages.chunks(PAGES_PER_NODE) {
            self.node(&mut document, group)?;
        }
        for (id, object) in &document.objects {
            if !is_of_the_old_tree(object) {
                self.object(id.0, object)?;
            }
        }
        Ok(pages.len())
    }

    /// Hangs some pages below a new node of the tree.
    fn node(&mut self, document: &mut Document, pages: &[ObjectId]) -> Result<(), PaperError> {
        let node = self.next()?;
        self.offsets.push(0);
        for page in pages {
            let page = document.get_dictionary(*page).cloned();
            let inherited = page.map_err(|error| not_joined(&error))?;
            // Typst writes all that a page needs into the page itself.
            if !inherited.has(b"MediaBox") {
                return Err(PaperError::Join { message: "a page without a size".to_owned() });
            }
        }
        for page in pages {
            if let Ok(page) = document.get_object_mut(*page).and_then(Object::as_dict_mut) {
                page.set("Parent", Object::Reference((node, 0)));
                page.remove(b"StructParents");
            }
        }
        let mut dict = Dictionary::new();
        dict.set("Type", Object::Name(b"Pages".to_vec()));
        dict.set("Parent", Object::Reference((ROOT, 0)));
        dict.set("Count", as_integer(pages.len())?);
        dict.set("Kids", Object::Array(pages.iter().map(|id| Object::Reference(*id)).collect()));
        self.object(node, &Object::Dictionary(dict))?;
        self.nodes.push((node, pages.len()));
        Ok(())
    }

    /// Writes the tree of pages and the table of objects.
    pub fn end(mut self) -> Result<(), PaperError> {
        let mut root = Dictionary::new();
        root.set("Type", Object::Name(b"Pages".to_vec()));
        root.set("Count", as_integer(self.nodes.iter().map(|(_, pages)| pages).sum())?);
        root.set(
            "Kids",
            Object::Array(self.nodes.iter().map(|(id, _)| Object::Reference((*id, 0))).collect()),
        );
        self.object(ROOT, &Object::Dictionary(root))?;
        let mut catalog = Dictionary::new();
        catalog.set("Type", Object::Name(b"Catalog".to_vec()));
        catalog.set("Pages", Object::Reference((ROOT, 0)));
        self.object(CATALOG, &Object::Dictionary(catalog))?;
        let table = self.written;
        let size = self.offsets.len() + 1;
        let mut text = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for offset in &self.offsets {
            let state = if *offset == 0 { "65535 f" } else { "00000 n" };
            text.push_str(&format!("{offset:010} {state} \n"));
        }
        text.push_str(&format!("trailer\n<</Size {size}/Root {CATALOG} 0 R>>\nstartxref\n{table}\n%%EOF\n"));
        self.write(text.as_bytes())?;
        self.out.flush().map_err(PaperError::Write)
    }

    fn next(&self) -> Result<u32, PaperError> {
        u32::try_from(self.offsets.len() + 1)
            .map_err(|_| PaperError::Join { message: "too many objects".to_owned() })
    }

    fn object(&mut self, id: u32, object: &Object) -> Result<(), PaperError> {
        self.offsets[id as usize - 1] = self.written;
        let mut text = format!("{id} 0 obj\n").into_bytes();
        Writer::write_object(&mut text, object)
            .map_err(|error| PaperError::Write(io::Error::other(error)))?;
        text.extend_from_slice(b"\nendobj\n");
        self.write(&text)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), PaperError> {
        self.written += bytes.len() as u64;
        self.out.write_all(bytes).map_err(PaperError::Write)
    }
}

/// The catalog and the nodes of the PDF that was taken in: the file has its own.
fn is_of_the_old_tree(object: &Object) -> bool {
    let Ok(dict) = object.as_dict() else { return false };
    dict.get_type().is_ok_and(|kind| kind == b"Catalog" || kind == b"Pages")
}

fn as_integer(count: usize) -> Result<Object, PaperError> {
    let count =
        i64::try_from(count).map_err(|_| PaperError::Join { message: "too many pages".to_owned() })?;
    Ok(Object::Integer(count))
}

fn not_joined(error: &lopdf::Error) -> PaperError {
    PaperError::Join { message: error.to_string() }
}
