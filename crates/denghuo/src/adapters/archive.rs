//! 归档邮箱: copies of every mail that the relay accepted. Whether a message is among them settles a doubt.

use std::collections::HashSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Headers are looked for in the first bytes of a mail.
const HEAD: u64 = 16 * 1024;

/// A Maildir, or a folder of mails, one in a file.
pub struct Archive {
    folder: PathBuf,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    files: HashSet<PathBuf>,
    ids: HashSet<String>,
}

impl Archive {
    /// The archive in a folder.
    #[must_use]
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, seen: Mutex::default() }
    }

    /// Is there a mail with this Message-ID? Mails that came since the last look are read now.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn holds(&self, message_id: &str) -> std::io::Result<bool> {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if !seen.ids.contains(message_id) {
            seen.refresh(&self.folder)?;
        }
        Ok(seen.ids.contains(message_id))
    }
}

impl Seen {
    fn refresh(&mut self, folder: &Path) -> std::io::Result<()> {
        let is_maildir = folder.join("cur").is_dir() || folder.join("new").is_dir();
        let folders =
            if is_maildir { vec![folder.join("new"), folder.join("cur")] } else { vec![folder.to_owned()] };
        for folder in folders {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if !self.files.contains(&path) {
                    // A mail that is moved away while we look is found in its new place the next time.
                    if let Ok(Some(id)) = message_id_of(&path) {
                        self.ids.insert(id);
                    }
                    self.files.insert(path);
                }
            }
        }
        Ok(())
    }
}

/// The Message-ID of a mail in a file, with its angle brackets.
fn message_id_of(path: &Path) -> std::io::Result<Option<String>> {
    let mut head = Vec::new();
    std::fs::File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    let head = String::from_utf8_lossy(&head);
    Ok(message_id_in(&head))
}

/// The Message-ID among header lines; a long one may stand on the next line.
#[must_use]
pub fn message_id_in(head: &str) -> Option<String> {
    let mut lines = head.lines();
    while let Some(line) = lines.next() {
        if line.trim_end().is_empty() {
            return None;
        }
        let Some((name, value)) = line.split_once(':') else { continue };
        if name.trim().eq_ignore_ascii_case("message-id") {
            let value = if value.trim().is_empty() { lines.next()? } else { value };
            return Some(value.trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Archive, message_id_in};

    #[test]
    fn a_message_id_is_found_in_the_head_only() {
        for (head, id) in [
            ("From: a\r\nMessage-ID: <1-2-1@x>\r\n\r\nbody", Some("<1-2-1@x>")),
            ("message-id:\r\n <1-2-1@x>\r\n", Some("<1-2-1@x>")),
            ("From: a\r\n\r\nMessage-ID: <1-2-1@x>\r\n", None),
            ("", None),
        ] {
            assert_eq!(message_id_in(head).as_deref(), id, "{head:?}");
        }
    }

    #[test]
    fn an_archive_is_read_again_when_a_mail_is_missing() {
        let folder = tempfile::tempdir().unwrap();
        let archive = Archive::new(folder.path().to_owned());
        assert!(!archive.holds("<1-1-1@x>").unwrap());
        std::fs::write(folder.path().join("1"), "Message-ID: <1-1-1@x>\n\nbody").unwrap();
        assert!(archive.holds("<1-1-1@x>").unwrap());
        let gone = Archive::new(folder.path().join("gone"));
        assert!(gone.holds("<1-1-1@x>").is_err());
    }
}
