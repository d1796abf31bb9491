//! 证明力评定: how strong one proof is by itself. What counts is data: rules that grant a strength, and rules that cap it.

use super::{EvidenceKind, Outcome, Party, SignerRole, Strength};
use crate::derivation::Bilingual;
use crate::rulebook::{NoRule, Rulebook, Selector};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// 证明力规则: parameters of the topic `evidence_strength`. Which proofs a rule is about its selectors say (see
/// [`EvidenceFacts::selector`]). A rule that applies grants its strength; one with `at_most` caps what the others grant,
/// whichever layer it stands in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrengthRule {
    /// Is it a cap?
    #[serde(default)]
    pub at_most: bool,
    /// The strength granted, or the most that is left.
    pub strength: Strength,
    /// Why.
    pub why: Bilingual,
}

/// What is known of one proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EvidenceFacts<'a> {
    /// Its kind.
    pub kind: EvidenceKind,
    /// Day on which it happened.
    pub happened_on: Date,
    /// What kind of customer it is about.
    pub party: Party,
    /// Who signed or was spoken to.
    pub signer: Option<&'a str>,
    /// In which role.
    pub signer_role: Option<SignerRole>,
    /// A witness.
    pub witness: Option<&'a str>,
    /// Since when the contract names the address it went to.
    pub designated_on: Option<Date>,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Does the waybill name the paper?
    pub paper_named: bool,
    /// Did a notary attend?
    pub notarised: bool,
    /// Media type of the file, such as `image/jpeg`.
    pub media_type: Option<&'a str>,
}

impl EvidenceFacts<'_> {
    /// The facts that rules may select on: `kind`, `party`, `signer` (the role) and `outcome` by their words, and `yes` for
    /// `signer_named`, `witnessed`, `pictured` (the file is a photograph or film), `attested` (witnessed or pictured),
    /// `recorded` (a sound or film recording), `filed` (a file of whatever kind), `designated` (the contract named the
    /// address before it was used), `paper_named` and `notarised`. What is not so has no fact.
    #[must_use]
    pub fn selector(&self, site: &Selector) -> Selector {
        let named = |name: Option<&str>| name.is_some_and(|name| !name.trim().is_empty());
        let file = |kinds: [&str; 2]| {
            self.media_type.is_some_and(|media| kinds.iter().any(|kind| media.starts_with(kind)))
        };
        let pictured = file(["image/", "video/"]);
        let flags = [
            ("signer_named", named(self.signer)),
            ("witnessed", named(self.witness)),
            ("pictured", pictured),
            ("attested", pictured || named(self.witness)),
            ("recorded", file(["audio/", "video/"])),
            ("filed", self.media_type.is_some()),
            ("designated", self.designated_on.is_some_and(|since| since <= self.happened_on)),
            ("paper_named", self.paper_named),
            ("notarised", self.notarised),
        ];
        let words = [
            ("kind", Some(self.kind.word())),
            ("party", Some(self.party.word())),
            ("signer", self.signer_role.map(SignerRole::word)),
            ("outcome", self.outcome.map(Outcome::word)),
        ];
        let mut selector = site.clone();
        for (name, word) in words {
            selector.facts.extend(word.map(|word| (name.to_owned(), word.to_owned())));
        }
        for (name, so) in flags {
            selector.facts.extend(so.then(|| (name.to_owned(), "yes".to_owned())));
        }
        selector
    }
}

/// 评定结果: how strong a proof is, why, and under which rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grade {
    /// The strength.
    pub strength: Strength,
    /// Why, in one sentence for each rule that decided.
    pub why: Bilingual,
    /// Ids of the rules that decided, from the grant to the cap.
    pub rules: Vec<String>,
}

/// Grades a proof: the strongest grant that applies, and no more than every cap leaves. Nothing applies: it proves nothing.
///
/// # Errors
/// A rule has wrong parameters.
pub fn grade(facts: &EvidenceFacts<'_>, book: &Rulebook, site: &Selector, on: Date) -> Result<Grade, NoRule> {
    let rules = book.pick_all::<StrengthRule>("evidence_strength", &facts.selector(site), on)?;
    let of = |cap: bool| rules.iter().filter(move |picked| picked.params.at_most == cap);
    // Of equal grants the most specific one speaks: rules come from general to specific.
    let Some(grant) = of(false).max_by_key(|picked| picked.params.strength) else {
        let why = Bilingual::new("没有规则认可该类证据", "no rule grants anything to such a proof");
        return Ok(Grade { strength: Strength::Void, why, rules: Vec::new() });
    };
    let mut grade = Grade {
        strength: grant.params.strength,
        why: grant.params.why.clone(),
        rules: vec![grant.rule.id.clone()],
    };
    let cap = of(true).min_by_key(|picked| picked.params.strength);
    if let Some(cap) = cap.filter(|cap| cap.params.strength < grade.strength) {
        grade.strength = cap.params.strength;
        grade.why = Bilingual::new(
            format!("{};但{}", grade.why.zh, cap.params.why.zh),
            format!("{}; but {}", grade.why.en, cap.params.why.en),
        );
        grade.rules.push(cap.rule.id.clone());
    }
    Ok(grade)
}
