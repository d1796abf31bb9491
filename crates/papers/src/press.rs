//! 文印: one paper at a time.

use crate::PaperError;
use crate::fonts::{Fonts, system_folders};
use crate::templates::Templates;
use crate::world::{Desk, prepared};
use std::path::{Path, PathBuf};
use typst::foundations::{Bytes, Smart};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

/// Fonts and templates, ready to print. Cheap to share between threads; costs some 100 ms to make.
pub struct Press {
    library: LazyHash<Library>,
    fonts: Fonts,
    templates: Templates,
}

/// What [`Press::check`] found of a template.
#[derive(Debug)]
pub struct Checked {
    /// Its name.
    pub template: String,
    /// The pages of the sample in Chinese and in English, or what is wrong.
    pub pages: Result<(usize, usize), PaperError>,
}

impl Press {
    /// A press with the fonts of the machine. The files of `site_templates` replace the standard ones of the same name.
    ///
    /// # Errors
    /// No Chinese font, or an unreadable folder.
    pub fn new(site_templates: Option<&Path>) -> Result<Self, PaperError> {
        Self::with_fonts(site_templates, &system_folders())
    }

    /// A press that uses the fonts below these folders only.
    ///
    /// # Errors
    /// No Chinese font, or an unreadable folder.
    pub fn with_fonts(site_templates: Option<&Path>, fonts: &[PathBuf]) -> Result<Self, PaperError> {
        Ok(Self {
            library: LazyHash::new(Library::default()),
            fonts: Fonts::find(fonts)?,
            templates: Templates::read(site_templates)?,
        })
    }

    /// The names of the templates, sorted.
    #[must_use]
    pub fn templates(&self) -> &[String] {
        self.templates.names()
    }

    /// # Errors
    /// There is no template of this name.
    pub(crate) fn must_know(&self, template: &str) -> Result<(), PaperError> {
        self.templates.must_know(template)
    }

    /// The data of the sample paper, which fill every field.
    #[must_use]
    pub fn sample(&self) -> &str {
        self.templates.sample()
    }

    /// The PDF of a template with its data, a JSON object.
    ///
    /// # Errors
    /// An unknown or wrong template, or wrong data.
    pub fn pdf(&self, template: &str, data: &str) -> Result<Vec<u8>, PaperError> {
        self.set(template, vec![prepared(data)?])
            .and_then(|(desk, document)| pdf_of(&desk, template, &document))
    }

    /// Sets every template with the sample, in Chinese, in English and with nothing but a language.
    #[must_use]
    pub fn check(&self) -> Vec<Checked> {
        let names = self.templates().iter();
        names.map(|name| Checked { template: name.clone(), pages: self.check_one(name) }).collect()
    }

    fn check_one(&self, template: &str) -> Result<(usize, usize), PaperError> {
        let pages = |data: &serde_json::Value| {
            let (_, document) = self.set(template, vec![prepared(&data.to_string())?])?;
            Ok(document.pages().len())
        };
        let mut sample: serde_json::Value = serde_json::from_str(self.sample())
            .map_err(|error| PaperError::Data { message: format!("sample.json: {error}") })?;
        pages(&serde_json::json!({ "lang": "zh" }))?;
        pages(&serde_json::json!({ "lang": "en" }))?;
        sample["lang"] = "zh".into();
        let chinese = pages(&sample)?;
        sample["lang"] = "en".into();
        Ok((chinese, pages(&sample)?))
    }

    /// Lays some papers out, one behind the other.
    pub(crate) fn set(
        &self,
        template: &str,
        data: Vec<Bytes>,
    ) -> Result<(Desk<'_>, PagedDocument), PaperError> {
        let desk = Desk::new(&self.library, &self.fonts, &self.templates, template, data)?;
        match typst::compile::<PagedDocument>(&desk).output {
            Ok(document) => Ok((desk, document)),
            Err(errors) => Err(desk.error(template, &errors)),
        }
    }
}

/// The bytes of a document that is laid out.
pub(crate) fn pdf_of(
    desk: &Desk<'_>,
    template: &str,
    document: &PagedDocument,
) -> Result<Vec<u8>, PaperError> {
    let options =
        PdfOptions { creator: Smart::Custom(Some("Denghuo".into())), tagged: false, ..PdfOptions::default() };
    typst_pdf::pdf(document, &options).map_err(|errors| desk.error(template, &errors))
}
