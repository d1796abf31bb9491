//! Print runs: a PDF for each line of a file, or one for the printer.

use super::{RenderArgs, cannot_write, text_of};
use crate::adapters::papers::refusal;
use crate::context::{Global, print_json};
use anyhow::{Context as _, bail};
use denghuo_papers::{Failures, PaperError, Press};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// Bad lines that are told; the rest is counted.
const TOLD: usize = 20;

/// What was printed.
struct Outcome {
    papers: usize,
    pages: Option<usize>,
    failed: Failures,
    into: PathBuf,
}

/// Prints every line of `lines`. A line that cannot be printed is told at the end, and the others are printed.
///
/// # Errors
/// An unreadable file, an unwritable folder, or lines that could not be printed.
pub fn run(
    global: &Global,
    press: &Press,
    args: &RenderArgs,
    lines: &Path,
    json: bool,
) -> anyhow::Result<()> {
    let text = text_of(lines)?;
    let numbered: Vec<(usize, &str)> =
        text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).collect();
    let data: Vec<&str> = numbered.iter().map(|(_, line)| *line).collect();
    let outcome = match (&args.out_dir, &args.joined) {
        (Some(folder), _) => apart(press, args, &numbered, &data, folder)?,
        (None, Some(file)) => joined(press, args, &data, file)?,
        (None, None) => bail!("{}", global.say("请用 --out-dir 或 --joined", "give --out-dir or --joined")),
    };
    tell(global, &outcome, &numbered, json)
}

fn bar(length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {per_sec} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style)
}

fn apart(
    press: &Press,
    args: &RenderArgs,
    numbered: &[(usize, &str)],
    data: &[&str],
    folder: &Path,
) -> anyhow::Result<Outcome> {
    std::fs::create_dir_all(folder).with_context(|| cannot_write(folder))?;
    let bar = bar(data.len());
    let mut failed = Failures::new();
    let made = press.each(&args.template, data, |at, paper| {
        bar.inc(1);
        match paper {
            Ok(pdf) => {
                let (line, text) = numbered[at];
                std::fs::write(folder.join(file_name(line + 1, text)), pdf).map_err(PaperError::Write)?;
            }
            Err(error) => failed.push((at, error)),
        }
        Ok(())
    });
    bar.finish_and_clear();
    made.map_err(|error| refusal(&error))?;
    Ok(Outcome { papers: data.len() - failed.len(), pages: None, failed, into: folder.to_path_buf() })
}

/// Writes beside the file and gives it its name at the end: a killed run leaves no half print run behind.
fn joined(press: &Press, args: &RenderArgs, data: &[&str], file: &Path) -> anyhow::Result<Outcome> {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let out = std::fs::File::create(&part).with_context(|| cannot_write(&part))?;
    let bar = bar(data.len());
    let made =
        press.joined(&args.template, data, BufWriter::new(out), |behind| bar.set_position(behind as u64));
    bar.finish_and_clear();
    let run = match made {
        Ok(run) => run,
        Err(error) => {
            std::fs::remove_file(&part).with_context(|| cannot_write(&part))?;
            return Err(refusal(&error).into());
        }
    };
    std::fs::rename(&part, file).with_context(|| cannot_write(file))?;
    Ok(Outcome { papers: run.papers, pages: Some(run.pages), failed: run.failed, into: file.to_path_buf() })
}

/// `000012_N-0370000001-12.pdf`: the line, and the code with what no file system takes replaced.
fn file_name(line: usize, text: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
    let code = value["code"].as_str().unwrap_or_default();
    let safe: String = code
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' })
        .take(80)
        .collect();
    if safe.is_empty() { format!("{line:06}.pdf") } else { format!("{line:06}_{safe}.pdf") }
}

fn tell(global: &Global, outcome: &Outcome, numbered: &[(usize, &str)], json: bool) -> anyhow::Result<()> {
    let line = |at: usize| numbered[at].0 + 1;
    if json {
        let failed: Vec<_> = outcome
            .failed
            .iter()
            .map(|(at, error)| {
                serde_json::json!({ "line": line(*at), "code": error.code(),
                    "error": global.say(&error.zh(), &error.en()) })
            })
            .collect();
        print_json(&serde_json::json!({ "into": outcome.into, "papers": outcome.papers,
            "pages": outcome.pages, "failed": failed }))?;
    } else {
        println!("{} {}: {}", global.say("已打印", "printed"), outcome.into.display(), outcome.papers);
        if let Some(pages) = outcome.pages {
            println!("{}: {pages}", global.say("页数", "pages"));
        }
        for (at, error) in outcome.failed.iter().take(TOLD) {
            let sentence = global.say(&error.zh(), &error.en()).to_owned();
            eprintln!("{} {}: {sentence} [{}]", global.say("第几行", "line"), line(*at), error.code());
        }
    }
    if outcome.failed.is_empty() {
        return Ok(());
    }
    bail!("{}: {}", global.say("未能打印的份数", "papers that were not printed"), outcome.failed.len())
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_file_is_named_after_line_and_code() {
        assert_eq!(file_name(12, "{\"code\":\"N-037-12\"}"), "000012_N-037-12.pdf");
        assert_eq!(file_name(1, "{\"code\":\"../../a b\"}"), "000001_.._.._a_b.pdf");
        assert_eq!(file_name(2, "{}"), "000002.pdf");
        assert_eq!(file_name(3, "broken"), "000003.pdf");
    }
}
