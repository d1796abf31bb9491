//! `denghuo papers`: bills, notices and letters as PDF, and the templates that they are made from.

mod many;

use crate::adapters::papers::{Printer, refusal};
use crate::context::{Global, print_json};
use anyhow::{Context as _, bail};
use clap::Subcommand;
use denghuo_papers::{Press, STANDARD};
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Arguments of `denghuo papers`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// A site's folder of templates, laid over the standard ones file by file
    #[arg(long, global = true, env = "DENGHUO_TEMPLATES", value_name = "DIR")]
    templates: Option<PathBuf>,
    /// A folder of fonts, used instead of the machine's
    #[arg(long, global = true, env = "DENGHUO_FONTS", value_name = "DIR")]
    fonts: Option<PathBuf>,
    /// Tell the result as JSON
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Print every template with the sample, in both languages 检查模板
    Check,
    /// The names of the templates 列出模板
    List,
    /// Print papers as PDF 打印
    #[command(
        after_help = "Examples:\n  denghuo papers render demand notice.json -o notice.pdf\n  denghuo papers render stop_plan --sample -o sample.pdf\n  denghuo papers render demand --many notices.jsonl --out-dir notices\n  denghuo papers render demand --many notices.jsonl --joined print-run.pdf\n\nThe fields that a template reads: the README.md of `denghuo papers templates --export DIR`."
    )]
    Render(RenderArgs),
    /// Write the standard templates into a folder, for a site to edit 导出模板
    #[command(
        after_help = "Example:\n  denghuo papers templates --export site-templates\n\nDelete the files that you do not change: the standard ones take their place, also those of later versions."
    )]
    Templates {
        /// The folder; files that are there stay as they are
        #[arg(long, value_name = "DIR")]
        export: PathBuf,
    },
}

/// What to print, and where to.
#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("what").required(true).args(["data", "sample", "many"])),
    group(clap::ArgGroup::new("into").required(true).args(["out", "out_dir", "joined"])))]
struct RenderArgs {
    /// The template, such as `demand`
    template: String,
    /// One paper: a file with a JSON object, or `-` for standard input
    data: Option<PathBuf>,
    /// The sample instead of data
    #[arg(long)]
    sample: bool,
    /// Many papers: a JSON object in each line
    #[arg(long, value_name = "FILE")]
    many: Option<PathBuf>,
    /// The PDF of one paper
    #[arg(short, long, value_name = "FILE", conflicts_with = "many")]
    out: Option<PathBuf>,
    /// A PDF for each line, named after its line and its `code`
    #[arg(long, value_name = "DIR", requires = "many")]
    out_dir: Option<PathBuf>,
    /// One PDF with all pages, for the printer
    #[arg(long, value_name = "FILE", requires = "many")]
    joined: Option<PathBuf>,
}

/// Runs the command.
///
/// # Errors
/// No Chinese font, a wrong template or wrong data, an unreadable or unwritable file.
pub fn run(global: &Global, args: &Args) -> anyhow::Result<()> {
    if let Command::Templates { export } = &args.command {
        return write_templates(global, export, args.json);
    }
    let printer = Printer::open(args.templates.as_deref(), args.fonts.as_deref())?;
    let press = printer.press();
    match &args.command {
        Command::Check => check(global, press, args.json),
        Command::List => list(press, args.json),
        Command::Render(render) => match (&render.many, &render.out) {
            (Some(lines), _) => many::run(global, press, render, lines, args.json),
            (None, Some(out)) => one(global, press, render, out, args.json),
            (None, None) => {
                bail!("{}", global.say("一份文书请用 -o 指定文件", "one paper needs -o FILE"))
            }
        },
        Command::Templates { .. } => Ok(()),
    }
}

fn list(press: &Press, json: bool) -> anyhow::Result<()> {
    if json {
        return print_json(&press.templates());
    }
    press.templates().iter().for_each(|name| println!("{name}"));
    Ok(())
}

fn check(global: &Global, press: &Press, json: bool) -> anyhow::Result<()> {
    let checked = press.check();
    let wrong = checked.iter().filter(|found| found.pages.is_err()).count();
    if json {
        let found: Vec<_> = checked
            .iter()
            .map(|found| match &found.pages {
                Ok((zh, en)) => {
                    serde_json::json!({ "template": found.template, "pages": { "zh": zh, "en": en } })
                }
                Err(error) => {
                    serde_json::json!({ "template": found.template, "code": error.code(),
                        "error": global.say(&error.zh(), &error.en()) })
                }
            })
            .collect();
        print_json(&found)?;
    } else {
        for found in &checked {
            match &found.pages {
                Ok((zh, en)) => println!(
                    "{:<16} {}: {zh}, {}: {en}",
                    found.template,
                    global.say("中文页数", "pages in Chinese"),
                    global.say("英文页数", "in English")
                ),
                Err(error) => println!("{:<16} {}", found.template, global.say(&error.zh(), &error.en())),
            }
        }
    }
    if wrong > 0 {
        bail!("{}: {wrong}", global.say("有误的模板", "templates that are wrong"));
    }
    Ok(())
}

fn one(global: &Global, press: &Press, args: &RenderArgs, out: &Path, json: bool) -> anyhow::Result<()> {
    let data = match &args.data {
        Some(path) => text_of(path)?,
        None => press.sample().to_owned(),
    };
    let pdf = press.pdf(&args.template, &data).map_err(|error| refusal(&error))?;
    std::fs::write(out, &pdf).with_context(|| cannot_write(out))?;
    if json {
        return print_json(&serde_json::json!({ "file": out, "bytes": pdf.len() }));
    }
    println!("{} {}", global.say("已写入", "wrote"), out.display());
    Ok(())
}

/// The text of a file, or of standard input.
fn text_of(path: &Path) -> anyhow::Result<String> {
    if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write {}", path.display())
}

fn write_templates(global: &Global, folder: &Path, json: bool) -> anyhow::Result<()> {
    std::fs::create_dir_all(folder).with_context(|| cannot_write(folder))?;
    let mut written = Vec::new();
    for (name, text) in STANDARD {
        let path = folder.join(name);
        if !path.exists() {
            std::fs::write(&path, text).with_context(|| cannot_write(&path))?;
            written.push(*name);
        }
    }
    if json {
        return print_json(&serde_json::json!({ "folder": folder, "written": written }));
    }
    println!("{} {}: {}", global.say("已写入", "wrote"), folder.display(), written.join(", "));
    if written.len() < STANDARD.len() {
        let kept = STANDARD.len() - written.len();
        println!("{}: {kept}", global.say("已存在、未改动的文件", "files that were there and are unchanged"));
    }
    Ok(())
}
