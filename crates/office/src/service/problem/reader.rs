//! 分词: Chinese texts become words. The dictionary lies in the program; the same text gives the same words everywhere.

use denghuo_rules::service::problem::{Voice, Word, word_of};
use jieba_rs::Jieba;
use std::sync::LazyLock;

static DICTIONARY: LazyLock<Jieba> = LazyLock::new(Jieba::new);

/// What somebody said, as the desk compares it. Single characters and marks tell nothing and are left out.
pub(super) fn read(day: i32, person: u64, (heading, body): (&str, &str)) -> Voice {
    let mut words = words_of(heading);
    let heading = words.len();
    words.extend(words_of(body));
    Voice { day, person, likes: 0, words, heading }
}

fn words_of(text: &str) -> Vec<Word> {
    let tagged = DICTIONARY.tag(text, true);
    let tells = |word: &str| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_alphanumeric) && chars.next().is_some()
    };
    tagged
        .into_iter()
        .filter(|tagged| tells(tagged.word))
        .map(|tagged| word_of(&tagged.word.to_lowercase(), is_name(tagged.tag)))
        .collect()
}

/// Names of persons, places, bodies and others; numbers and letters; words that the dictionary does not know, which mostly are names.
fn is_name(tag: &str) -> bool {
    matches!(tag, "x" | "eng" | "m" | "mq")
        || ["nr", "ns", "nt", "nz"].iter().any(|name| tag.starts_with(name))
}
