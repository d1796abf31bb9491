//! 送达的证明: do the proofs of one subject together show that it arrived, and when?

use super::{EvidenceKind, Strength};
use crate::derivation::Bilingual;
use crate::rulebook::{NoRule, Rulebook, Selector};
use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// 送达证明标准: parameters of the topic `evidence_arrival`. It protects the customer: the strictest rule wins.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ArrivalRule {
    /// The least strength, of one proof or of several together.
    pub minimum: Strength,
    /// Kinds that can tell of an arrival at all.
    pub kinds: Vec<EvidenceKind>,
}

/// 证据互相印证: parameters of the topic `evidence_together`. The lists of every layer count.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TogetherRule {
    /// Kinds that support each other.
    pub groups: Vec<Group>,
}

/// Kinds that support each other.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// One proof of each kind must be there, none of them void.
    pub kinds: Vec<EvidenceKind>,
    /// What they come to together.
    pub strength: Strength,
    /// Why.
    pub why: Bilingual,
}

/// One proof of the subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Its number.
    pub evidence_no: i64,
    /// Its kind.
    pub kind: EvidenceKind,
    /// Its strength by itself.
    pub strength: Strength,
    /// When what it tells of happened.
    pub happened_at: DateTime,
}

/// 送达认定: whether an arrival is proved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Arrival {
    /// Is it proved?
    pub proved: bool,
    /// The strength that was reached.
    pub strength: Strength,
    /// The strength that is asked.
    pub minimum: Strength,
    /// The moment that counts: of one proof its own, of several together the last.
    pub arrived_at: Option<DateTime>,
    /// The proofs it rests on.
    pub evidence_nos: Vec<i64>,
    /// Why.
    pub why: Bilingual,
    /// Ids of the rules.
    pub rules: Vec<String>,
}

/// One way in which an arrival may be shown.
struct Way {
    strength: Strength,
    at: DateTime,
    nos: Vec<i64>,
    rule: Option<(String, Bilingual)>,
}

/// Do the proofs of one subject show that it arrived? The selector may carry the fact `notice` (the kind of notice). Of
/// several ways that reach the asked strength the one with the earliest moment counts.
///
/// # Errors
/// A rule is missing or has wrong parameters.
pub fn proves_arrival(
    proofs: &[Proof],
    book: &Rulebook,
    selector: &Selector,
    on: Date,
) -> Result<Arrival, NoRule> {
    let asked = book.pick_all::<ArrivalRule>("evidence_arrival", selector, on)?;
    let missing = || NoRule::Missing {
        topic: "evidence_arrival".to_owned(),
        legal_day: on,
        facts: selector.facts.clone(),
    };
    let strictest = asked.iter().max_by_key(|rule| rule.params.minimum).ok_or_else(missing)?;
    let minimum = strictest.params.minimum;
    let usable: Vec<&Proof> = proofs
        .iter()
        .filter(|proof| proof.strength > Strength::Void)
        .filter(|proof| asked.iter().all(|rule| rule.params.kinds.contains(&proof.kind)))
        .collect();
    let mut ways: Vec<Way> = usable
        .iter()
        .map(|proof| Way {
            strength: proof.strength,
            at: proof.happened_at,
            nos: vec![proof.evidence_no],
            rule: None,
        })
        .collect();
    for together in book.pick_all::<TogetherRule>("evidence_together", selector, on)? {
        let supports: Vec<&Proof> = proofs.iter().filter(|proof| proof.strength > Strength::Void).collect();
        let groups = together.params.groups.iter();
        ways.extend(groups.filter_map(|group| combined(group, &together.rule.id, &supports)));
    }
    let enough = ways.iter().filter(|way| way.strength >= minimum).min_by_key(|way| (way.at, way.nos.len()));
    let best = enough.or_else(|| ways.iter().max_by_key(|way| way.strength));
    Ok(tell(best, minimum, &strictest.rule.id))
}

/// The kinds of a group, each by its earliest proof.
fn combined(rule: &Group, id: &str, proofs: &[&Proof]) -> Option<Way> {
    let mut chosen = Vec::with_capacity(rule.kinds.len());
    for kind in &rule.kinds {
        chosen
            .push(proofs.iter().filter(|p| p.kind == *kind).min_by_key(|p| (p.happened_at, p.evidence_no))?);
    }
    Some(Way {
        strength: rule.strength,
        at: chosen.iter().map(|proof| proof.happened_at).max()?,
        nos: chosen.iter().map(|proof| proof.evidence_no).collect(),
        rule: Some((id.to_owned(), rule.why.clone())),
    })
}

fn tell(way: Option<&Way>, minimum: Strength, asked_by: &str) -> Arrival {
    let Some(way) = way else {
        return Arrival {
            proved: false,
            strength: Strength::Void,
            minimum,
            arrived_at: None,
            evidence_nos: Vec::new(),
            why: Bilingual::new("没有可用的送达证据", "there is no proof of an arrival"),
            rules: vec![asked_by.to_owned()],
        };
    };
    let proved = way.strength >= minimum;
    let (zh, en) = (way.strength.zh(), way.strength.word());
    let mut why = Bilingual::new(
        format!("证明力{zh},要求不低于{}", minimum.zh()),
        format!("the proof is {en}, at least {} is asked", minimum.word()),
    );
    let mut rules = vec![asked_by.to_owned()];
    if let Some((id, because)) = &way.rule {
        why = Bilingual::new(format!("{};{}", because.zh, why.zh), format!("{}; {}", because.en, why.en));
        rules.push(id.clone());
    }
    Arrival {
        proved,
        strength: way.strength,
        minimum,
        arrived_at: proved.then_some(way.at),
        evidence_nos: way.nos.clone(),
        why,
        rules,
    }
}
