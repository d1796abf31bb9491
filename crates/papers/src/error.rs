//! Why a paper could not be made, in words for the person who edits templates or sends the data.

use std::path::PathBuf;

/// Every reason has a stable code and a sentence in both languages.
#[derive(Debug, thiserror::Error)]
#[error("[{}] {} / {}", self.code(), self.zh(), self.en())]
pub enum PaperError {
    /// No font with Chinese letters was found.
    NoChineseFont {
        /// The folders that were searched.
        searched: Vec<PathBuf>,
    },
    /// There is no template of this name.
    UnknownTemplate {
        /// The name that was asked for.
        name: String,
        /// The names that exist.
        known: Vec<String>,
    },
    /// A template is wrong, or does not fit its data.
    Template {
        /// The template that was asked for.
        template: String,
        /// The file in which the error lies.
        file: String,
        /// Its line, from 1; 0 when the error has no place.
        line: usize,
        /// What Typst says.
        message: String,
    },
    /// The data are not a JSON object.
    Data {
        /// What is wrong with them.
        message: String,
    },
    /// The site's templates or the fonts cannot be read.
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A finished paper could not be handed on or written.
    Write(std::io::Error),
    /// Finished PDFs could not be joined.
    Join {
        /// What is wrong.
        message: String,
    },
}

impl PaperError {
    /// Stable code, such as `papers.no_chinese_font`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoChineseFont { .. } => "papers.no_chinese_font",
            Self::UnknownTemplate { .. } => "papers.unknown_template",
            Self::Template { .. } => "papers.template_wrong",
            Self::Data { .. } => "papers.data_wrong",
            Self::Read { .. } => "papers.unreadable",
            Self::Write(_) => "papers.unwritable",
            Self::Join { .. } => "papers.not_joined",
        }
    }

    /// The sentence in Chinese.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::NoChineseFont { searched } => format!(
                "本机没有中文字体(已查找 {}):请安装 Debian 软件包 fonts-noto-cjk,或用 DENGHUO_FONTS 指定字体目录",
                listed(searched)
            ),
            Self::UnknownTemplate { name, known } => {
                format!("没有模板“{name}”;现有模板:{}", known.join("、"))
            }
            Self::Template { template, file, line, message } => {
                format!("模板“{template}”有误:{}:{message}", place(file, *line))
            }
            Self::Data { message } => format!("数据有误:{message}"),
            Self::Read { path, source } => format!("无法读取 {}:{source}", path.display()),
            Self::Write(source) => format!("无法写出:{source}"),
            Self::Join { message } => format!("无法合并为一个打印文件:{message}"),
        }
    }

    /// The sentence in English.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::NoChineseFont { searched } => format!(
                "no Chinese font on this machine (searched {}): install Debian's package fonts-noto-cjk, or name a \
                 folder of fonts in DENGHUO_FONTS",
                listed(searched)
            ),
            Self::UnknownTemplate { name, known } => {
                format!("no template `{name}`; there are {}", known.join(", "))
            }
            Self::Template { template, file, line, message } => {
                format!("the template `{template}` is wrong: {}: {message}", place(file, *line))
            }
            Self::Data { message } => format!("the data are wrong: {message}"),
            Self::Read { path, source } => format!("cannot read {}: {source}", path.display()),
            Self::Write(source) => format!("cannot write: {source}"),
            Self::Join { message } => format!("cannot join the papers into one file: {message}"),
        }
    }
}

fn place(file: &str, line: usize) -> String {
    if line == 0 { file.to_owned() } else { format!("{file}:{line}") }
}

fn listed(folders: &[PathBuf]) -> String {
    folders.iter().map(|folder| folder.display().to_string()).collect::<Vec<_>>().join(", ")
}
