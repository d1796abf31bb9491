//! 批量打印: ten thousand papers in a run, in parallel, in order, in flat memory.

use crate::joined::Joined;
use crate::press::pdf_of;
use crate::world::prepared;
use crate::{PaperError, Press};
use rayon::prelude::*;
use std::io::Write;
use typst::foundations::Bytes;

/// Papers that are set together before the caches are swept, per thread.
const PAPERS_PER_SWEEP: usize = 16;
/// Papers that are laid out as one document of a print run: fonts are written once for all of them.
const PAPERS_PER_DOCUMENT: usize = 50;
/// Sweeps that a cached piece of layout outlives without being used.
const CACHE_AGE: usize = 1;

/// Papers that could not be made, by their place in the data.
pub type Failures = Vec<(usize, PaperError)>;

/// What became of a print run.
#[derive(Debug, Default)]
pub struct Run {
    /// Papers that are in the file.
    pub papers: usize,
    /// Its pages.
    pub pages: usize,
    /// The papers that are not, and why.
    pub failed: Failures,
}

impl Press {
    /// Prints each of `data` as a PDF of its own and hands them on in their order, with their place. A paper that
    /// cannot be made is handed on as its error, and the run goes on.
    ///
    /// # Errors
    /// An unknown template, or the first error of `take`.
    pub fn each<D: AsRef<str> + Sync>(
        &self,
        template: &str,
        data: &[D],
        mut take: impl FnMut(usize, Result<Vec<u8>, PaperError>) -> Result<(), PaperError>,
    ) -> Result<(), PaperError> {
        self.must_know(template)?;
        let window = PAPERS_PER_SWEEP * rayon::current_num_threads();
        for (number, papers) in data.chunks(window).enumerate() {
            let made: Vec<_> = papers.par_iter().map(|paper| self.pdf(template, paper.as_ref())).collect();
            comemo::evict(CACHE_AGE);
            for (at, paper) in made.into_iter().enumerate() {
                take(number * window + at, paper)?;
            }
        }
        Ok(())
    }

    /// Prints all of `data` into one file for the printer, in their order. A paper that cannot be made is left out
    /// and named in the result. `progress` hears how many papers are behind it.
    ///
    /// # Errors
    /// An unknown template, or the file cannot be written.
    pub fn joined<D: AsRef<str> + Sync>(
        &self,
        template: &str,
        data: &[D],
        out: impl Write,
        mut progress: impl FnMut(usize),
    ) -> Result<Run, PaperError> {
        self.must_know(template)?;
        let mut file = Joined::begin(out)?;
        let mut run = Run::default();
        let numbered: Vec<(usize, &D)> = data.iter().enumerate().collect();
        let documents: Vec<_> = numbered.chunks(PAPERS_PER_DOCUMENT).collect();
        let mut behind = 0;
        for window in documents.chunks(rayon::current_num_threads()) {
            let made: Vec<_> = window.par_iter().map(|document| self.document(template, document)).collect();
            comemo::evict(CACHE_AGE);
            for (document, (pdf, failed)) in window.iter().zip(made) {
                run.papers += document.len() - failed.len();
                run.failed.extend(failed);
                if let Some(pdf) = pdf {
                    run.pages += file.add(&pdf)?;
                }
                behind += document.len();
                progress(behind);
            }
        }
        file.end()?;
        Ok(run)
    }

    /// Some papers as one PDF, and those that cannot be made.
    fn document<D: AsRef<str> + Sync>(
        &self,
        template: &str,
        papers: &[(usize, &D)],
    ) -> (Option<Vec<u8>>, Failures) {
        let mut failed = Vec::new();
        let mut ready = Vec::new();
        for (number, paper) in papers {
            match prepared(paper.as_ref()) {
                Ok(bytes) => ready.push((*number, bytes)),
                Err(error) => failed.push((*number, error)),
            }
        }
        if let Some(pdf) = self.together(template, &ready) {
            return (Some(pdf), failed);
        }
        // One of them is wrong: each alone tells which.
        ready.retain(|(number, bytes)| match self.set(template, vec![bytes.clone()]) {
            Ok(_) => true,
            Err(error) => {
                failed.push((*number, error));
                false
            }
        });
        failed.sort_by_key(|(number, _)| *number);
        (self.together(template, &ready), failed)
    }

    fn together(&self, template: &str, ready: &[(usize, Bytes)]) -> Option<Vec<u8>> {
        if ready.is_empty() {
            return None;
        }
        let data = ready.iter().map(|(_, bytes)| bytes.clone()).collect();
        let (desk, document) = self.set(template, data).ok()?;
        pdf_of(&desk, template, &document).ok()
    }
}
