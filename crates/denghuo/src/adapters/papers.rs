//! The office's papers, printed by Typst.

use denghuo_office::ports::{Papers, PortError};
use denghuo_papers::{PaperError, Press, system_folders};
use denghuo_rules::refusal::Refusal;
use std::path::{Path, PathBuf};

/// 文印室: the press with the site's templates and fonts.
pub struct Printer {
    press: Press,
}

impl Printer {
    /// A press with a site's folder of templates over the standard ones, and with the fonts of one folder, or of the
    /// machine. It takes some 100 ms: open one for a whole run.
    ///
    /// # Errors
    /// No Chinese font, or an unreadable folder.
    pub fn open(templates: Option<&Path>, fonts: Option<&Path>) -> Result<Self, Refusal> {
        let folders: Vec<PathBuf> = fonts.map_or_else(system_folders, |folder| vec![folder.to_path_buf()]);
        let press = Press::with_fonts(templates, &folders).map_err(|error| refusal(&error))?;
        Ok(Self { press })
    }

    /// The press itself, for print runs.
    #[must_use]
    pub fn press(&self) -> &Press {
        &self.press
    }
}

impl Papers for Printer {
    fn pdf(&self, template: &str, data: &str) -> Result<Vec<u8>, PortError> {
        self.press.pdf(template, data).map_err(|error| match error {
            // The same data will never become a paper; a template can be mended and a font installed.
            PaperError::Data { .. } => PortError::Never(error.to_string()),
            _ => PortError::Later(error.to_string()),
        })
    }
}

/// The error of a paper as an answer to a person.
#[must_use]
pub fn refusal(error: &PaperError) -> Refusal {
    Refusal::new(error.code(), error.zh(), error.en())
}
