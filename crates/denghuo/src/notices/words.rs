//! The templates of messages, with a site's own folder laid over them.

use anyhow::Context as _;
use denghuo_office::notices::Templates;
use std::path::Path;

/// The standard templates with the `*.txt` files of a folder laid over them.
///
/// # Errors
/// An unreadable folder, or a file that is no template.
pub fn templates(folder: Option<&Path>) -> anyhow::Result<Templates> {
    let mut files = Vec::new();
    if let Some(folder) = folder {
        let entries = std::fs::read_dir(folder)
            .with_context(|| format!("cannot read the templates {}", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "txt") {
                let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
                let text = std::fs::read_to_string(&path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                files.push((name.unwrap_or_default(), text));
            }
        }
        files.sort();
    }
    Ok(Templates::with_site(&files)?)
}
