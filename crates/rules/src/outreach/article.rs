//! 知识文章: versions, who lets them out, and when somebody has to look whether they are still right.

use crate::derivation::Bilingual;
use crate::refusal::Refuse;
use crate::registry::words;
use crate::rulebook::Rule;
use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

words!(
    /// 文章主题
    ArticleTopic {
        /// Safe use.
        Safety = "safety" / "安全用电",
        /// What the law and the company's rules say.
        Policy = "policy" / "用电政策",
        /// Using less.
        Saving = "saving" / "节约用电",
        /// Prices and bills.
        Tariff = "tariff" / "电价电费",
        /// How to get something done.
        Service = "service" / "办事指南",
    }
);

words!(
    /// 文章读者
    Audience {
        /// Customers and staff.
        Everybody = "everybody" / "客户与员工",
        /// Staff alone.
        Staff = "staff" / "仅员工",
    }
);

words!(
    /// 文章状态
    ArticleState {
        /// It was never let out.
        Draft = "draft" / "草稿",
        /// It is read.
        Published = "published" / "已发布",
        /// It is not read any more.
        Withdrawn = "withdrawn" / "已撤下",
    }
);

words!(
    /// 文章动作
    ArticleDeed {
        /// Let the newest version out.
        Publish = "publish" / "发布",
        /// It is still right.
        Confirm = "confirm" / "复核确认",
        /// Take it away.
        Withdraw = "withdraw" / "撤下",
    }
);

/// 文章规则: parameters of the topic `article_review`; a rule may select on `topic`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArticleRule {
    /// Months after which somebody has to look whether it is still right.
    pub review_months: u32,
}

impl ArticleRule {
    /// Topic of the rules.
    pub const TOPIC: &str = "article_review";

    /// The form of the topic.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn check(rule: &Rule) -> Result<(), String> {
        if rule.form::<Self>()?.review_months == 0 {
            return Err("somebody looks again after a time".to_owned());
        }
        Ok(())
    }

    /// The day on which somebody has to look again.
    #[must_use]
    pub fn review_on(&self, from: Date) -> Date {
        from.saturating_add(Span::new().months(i64::from(self.review_months)))
    }
}

/// 文章, as far as it decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArticleFacts {
    /// Where it stands.
    pub state: ArticleState,
    /// The newest version.
    pub version: i64,
    /// Who wrote that.
    pub written_by: String,
    /// The version that is read; 0 for none.
    pub published: i64,
}

/// Why something about an article is not done; checked in this order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ArticleRefusal {
    /// There is none.
    Unknown(String),
    /// There is one with that code.
    Exists(String),
    /// Something has to be given.
    Missing(&'static str),
    /// A text is too long.
    TooLong(&'static str, usize),
    /// It is read already, in its newest version.
    NothingNew,
    /// Another person than the writer lets it out.
    SamePerson,
    /// It is not read.
    NotPublished,
}

impl Refuse for ArticleRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "article.unknown",
            Self::Exists(_) => "article.exists",
            Self::Missing(_) => "article.missing",
            Self::TooLong(..) => "article.too_long",
            Self::NothingNew => "article.nothing_new",
            Self::SamePerson => "article.same_person",
            Self::NotPublished => "article.not_published",
        }
    }

    fn text(&self) -> Bilingual {
        match self {
            Self::Unknown(code) => {
                Bilingual::new(format!("没有文章{code}"), format!("there is no article {code}"))
            }
            Self::Exists(code) => {
                Bilingual::new(format!("文章{code}已存在"), format!("there is an article {code}"))
            }
            Self::Missing(what) => {
                Bilingual::new(format!("请填写{what}"), format!("`{what}` has to be given"))
            }
            Self::TooLong(what, most) => Bilingual::new(
                format!("{what}最多{most}字"),
                format!("`{what}` has at most {most} characters"),
            ),
            Self::NothingNew => Bilingual::new("最新版本已发布", "its newest version is read already"),
            Self::SamePerson => {
                Bilingual::new("发布人不能是撰写人", "another person than the writer lets it out")
            }
            Self::NotPublished => Bilingual::new("文章未发布", "the article is not read"),
        }
    }
}

/// May somebody do this with an article?
///
/// # Errors
/// An [`ArticleRefusal`].
pub fn check_article(facts: &ArticleFacts, deed: ArticleDeed, by: &str) -> Result<(), ArticleRefusal> {
    match deed {
        ArticleDeed::Publish => {
            if facts.state == ArticleState::Published && facts.published == facts.version {
                return Err(ArticleRefusal::NothingNew);
            }
            if facts.written_by == by { Err(ArticleRefusal::SamePerson) } else { Ok(()) }
        }
        ArticleDeed::Confirm | ArticleDeed::Withdraw => {
            if facts.state == ArticleState::Published {
                Ok(())
            } else {
                Err(ArticleRefusal::NotPublished)
            }
        }
    }
}

/// 检索: how well a text answers what was asked; 0 not at all. Words with spaces between all count; of a Chinese word its neighbouring
/// pairs of characters do, so that 电费账单 finds what speaks of 电费 and of 账单. A title counts more than a body.
#[must_use]
pub fn rank(asked: &str, title: &str, body: &str) -> i64 {
    const TITLE: i64 = 5;
    let asked = asked.to_lowercase();
    let (title, body) = (title.to_lowercase(), body.to_lowercase());
    let mut score = 0;
    for word in asked.split_whitespace() {
        let (mut of_word, parts) = (0, parts(word));
        for part in &parts {
            if title.contains(part.as_str()) {
                of_word += TITLE;
            }
            if body.contains(part.as_str()) {
                of_word += 1;
            }
        }
        // A word of which nothing is found was asked in vain: nothing is better than something else.
        if of_word == 0 {
            return 0;
        }
        score += of_word;
    }
    score
}

/// A word as it is looked for: whole, or the pairs of a Chinese one.
fn parts(word: &str) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    if characters.len() > 2 && characters.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c)) {
        return characters.windows(2).map(|pair| pair.iter().collect()).collect();
    }
    vec![word.to_owned()]
}
