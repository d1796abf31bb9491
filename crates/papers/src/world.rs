//! What Typst sees while it sets one paper or a few: templates, fonts and data, and nothing else of the machine.

use crate::fonts::Fonts;
use crate::templates::{Templates, place};
use crate::{PaperError, qr};
use std::collections::HashMap;
use std::fmt::Write as _;
use typst::diag::{FileError, FileResult, SourceDiagnostic, Tracepoint};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{DiagSpan, FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, World, WorldExt};

/// The file that puts the papers one behind the other; it exists in memory only.
const MAIN: &str = ".main.typ";

/// One run of Typst.
pub struct Desk<'a> {
    library: &'a LazyHash<Library>,
    fonts: &'a Fonts,
    templates: &'a Templates,
    main: Source,
    data: HashMap<FileId, Bytes>,
}

impl<'a> Desk<'a> {
    /// A run that prints `data`, each an object that [`prepared`] has made ready, with one template.
    pub fn new(
        library: &'a LazyHash<Library>,
        fonts: &'a Fonts,
        templates: &'a Templates,
        template: &str,
        data: Vec<Bytes>,
    ) -> Result<Self, PaperError> {
        templates.must_know(template)?;
        let mut text = format!("#import \"{template}.typ\": paper\n");
        for slot in 0..data.len() {
            // Writing to a string cannot fail.
            let _ = writeln!(text, "#paper(json(\"{}\"))", slot_path(slot));
        }
        let unknown = || PaperError::UnknownTemplate { name: template.to_owned(), known: Vec::new() };
        let main = Source::new(place(MAIN).ok_or_else(unknown)?, text);
        let slots = data.into_iter().enumerate();
        let data = slots.filter_map(|(slot, bytes)| Some((place(&slot_path(slot))?, bytes))).collect();
        Ok(Self { library, fonts, templates, main, data })
    }

    /// The first error of a run in words.
    pub fn error(&self, template: &str, errors: &[SourceDiagnostic]) -> PaperError {
        let Some(first) = errors.first() else {
            return PaperError::Join { message: "Typst gave no reason".to_owned() };
        };
        let mut message = first.message.to_string();
        for hint in &first.hints {
            let _ = write!(message, "; {}", hint.v);
        }
        let mut at = self.locate(first.span);
        // An error of the file that only we see is one of the template: of its function `paper`.
        if at.0 == MAIN {
            at = (format!("{template}.typ"), 0);
        }
        for step in &first.trace {
            let (file, line) = self.locate(step.span);
            if file != MAIN && !matches!(step.v, Tracepoint::Import(_)) {
                let _ = write!(message, " ({file}:{line})");
            }
        }
        PaperError::Template { template: template.to_owned(), file: at.0, line: at.1, message }
    }

    /// File and line (from 1; 0 without a place) of a span.
    fn locate(&self, span: impl Into<DiagSpan>) -> (String, usize) {
        let span: DiagSpan = span.into();
        let Some(id) = span.id() else { return (MAIN.to_owned(), 0) };
        let file = id.get().vpath().get_without_slash().to_owned();
        let line = self.source(id).ok().and_then(|source| {
            let start = self.range(span)?.start;
            source.lines().byte_to_line(start)
        });
        (file, line.map_or(0, |line| line + 1))
    }
}

fn slot_path(slot: usize) -> String {
    format!(".data/{slot}.json")
}

/// The data of a paper as a template gets them: an object, with the QR code of its `qr_text` or `code` as SVG in `qr`.
pub fn prepared(data: &str) -> Result<Bytes, PaperError> {
    let wrong = |message: String| PaperError::Data { message };
    let value: serde_json::Value = serde_json::from_str(data).map_err(|error| wrong(error.to_string()))?;
    let serde_json::Value::Object(mut object) = value else {
        return Err(wrong("应为 JSON 对象 a JSON object is expected".to_owned()));
    };
    let text = ["qr_text", "code"].iter().find_map(|key| object.get(*key)?.as_str());
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        let modules = qr::Modules::of(text)
            .ok_or_else(|| wrong(format!("内容过长,无法生成二维码 too long for a QR code: {text}")))?;
        object.insert("qr".to_owned(), modules.svg().into());
    }
    Ok(Bytes::new(serde_json::Value::Object(object).to_string().into_bytes()))
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.main.id() {
            return Ok(self.main.clone());
        }
        self.templates.source(id).ok_or_else(|| missing(id))
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let of_data = self.data.get(&id).cloned();
        of_data.or_else(|| self.templates.file(id)).ok_or_else(|| missing(id))
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

fn missing(id: FileId) -> FileError {
    FileError::NotFound(id.get().vpath().get_without_slash().into())
}
