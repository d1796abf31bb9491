//! 二维码: the code on a paper that finds its record again.

use fast_qr::qr::QRBuilder;
use fast_qr::{ECL, Module};
use std::fmt::Write as _;

/// Free modules around the code that readers need.
const QUIET: usize = 4;

/// The square of a QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Modules {
    /// Modules on a side, without the quiet zone.
    pub size: usize,
    /// Row after row; true is dark.
    pub dark: Vec<bool>,
}

impl Modules {
    /// The code of a text with medium redundancy (15 %), or `None` when the text is too long for one.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let code = QRBuilder::new(text).ecl(ECL::M).build().ok()?;
        let dark = code.data[..code.size * code.size].iter().map(|module: &Module| module.value()).collect();
        Some(Self { size: code.size, dark })
    }

    /// The code as an SVG picture: one path, each run of dark modules a rectangle.
    #[must_use]
    pub fn svg(&self) -> String {
        let side = self.size + 2 * QUIET;
        let mut path = String::new();
        for (y, row) in self.dark.chunks(self.size).enumerate() {
            let mut x = 0;
            for run in row.chunk_by(|a, b| a == b) {
                if run[0] {
                    let (left, top, width) = (x + QUIET, y + QUIET, run.len());
                    // Writing to a string cannot fail.
                    let _ = write!(path, "M{left} {top}h{width}v1h-{width}z");
                }
                x += run.len();
            }
        }
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\"><path d=\"{path}\"/></svg>"
        )
    }
}
