//! 票据与文书: bills, notices and letters as PDF, from templates that a site can edit.
//!
//! A template is a Typst file with a function `paper(d)`; `d` is the JSON object of one paper. What the standard
//! templates read is written in `templates/paper/README.md`. The same data on the same templates and fonts gives the
//! same bytes: nothing here reads a clock or the network.

mod batch;
mod error;
mod fonts;
mod joined;
mod press;
mod qr;
mod templates;
mod world;

pub use batch::{Failures, Run};
pub use error::PaperError;
pub use fonts::system_folders;
pub use press::{Checked, Press};
pub use qr::Modules;
pub use templates::STANDARD;
