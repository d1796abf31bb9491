//! 证据记录: one link of an account's chain as it is stored and as it is hashed. `docs/evidence.md` describes the form for
//! programs that are not this one.

use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// What stands before the first link of every chain.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// One link. Values are kept as the database keeps them, so that a link that was changed can still be read and told:
/// days `yyyymmdd`, moments `yyyymmddhhmmss` in the site's local time, truth 0 or 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The account.
    pub account_id: i64,
    /// Its number in the account's chain, from 1.
    pub evidence_no: i64,
    /// What it proves, such as `notice:3`.
    pub subject: String,
    /// Word of the kind.
    pub kind: String,
    /// Word of the strength.
    pub strength: String,
    /// When what it tells of happened.
    pub happened_at: i64,
    /// Where.
    pub place: Option<String>,
    /// Who made it: a staff code, or the part of the program.
    pub made_by: String,
    /// Who signed or was spoken to.
    pub signer: Option<String>,
    /// Word of his role.
    pub signer_role: Option<String>,
    /// A witness.
    pub witness: Option<String>,
    /// The address it went to.
    pub address: Option<String>,
    /// Since when the contract names that address.
    pub designated_on: Option<i64>,
    /// Number of the waybill, the gateway's reference, the recording, the certificate.
    pub reference: Option<String>,
    /// Word of the outcome.
    pub outcome: Option<String>,
    /// Does the waybill name the paper?
    pub paper_named: i64,
    /// Did a notary attend?
    pub notarised: i64,
    /// Anything else.
    pub note: Option<String>,
    /// 保管类别
    pub retention: String,
    /// Ids of the rules that graded it, with commas between.
    pub rules: String,
    /// SHA-256 of its file.
    pub file_hash: Option<String>,
    /// The file's name.
    pub file_name: Option<String>,
    /// The file's media type.
    pub media_type: Option<String>,
    /// Moment of recording, ms since 1970.
    pub recorded_at: i64,
    /// Who recorded it.
    pub recorded_by: String,
    /// Hash of the link before, or [`GENESIS`].
    pub previous_hash: String,
    /// SHA-256 of the canonical text, in lower-case hex.
    pub hash: String,
}

/// A value of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<'a> {
    /// A whole number.
    Int(i64),
    /// Text.
    Text(&'a str),
    /// Nothing.
    Absent,
}

impl<'a> From<&'a Option<String>> for Field<'a> {
    fn from(value: &'a Option<String>) -> Self {
        value.as_deref().map_or(Self::Absent, Self::Text)
    }
}

impl Record {
    /// Every value but the hash, by name, in the order in which they are hashed.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, Field<'_>); 26] {
        [
            ("account_id", Field::Int(self.account_id)),
            ("evidence_no", Field::Int(self.evidence_no)),
            ("subject", Field::Text(&self.subject)),
            ("kind", Field::Text(&self.kind)),
            ("strength", Field::Text(&self.strength)),
            ("happened_at", Field::Int(self.happened_at)),
            ("place", (&self.place).into()),
            ("made_by", Field::Text(&self.made_by)),
            ("signer", (&self.signer).into()),
            ("signer_role", (&self.signer_role).into()),
            ("witness", (&self.witness).into()),
            ("address", (&self.address).into()),
            ("designated_on", self.designated_on.map_or(Field::Absent, Field::Int)),
            ("reference", (&self.reference).into()),
            ("outcome", (&self.outcome).into()),
            ("paper_named", Field::Int(self.paper_named)),
            ("notarised", Field::Int(self.notarised)),
            ("note", (&self.note).into()),
            ("retention", Field::Text(&self.retention)),
            ("rules", Field::Text(&self.rules)),
            ("file_hash", (&self.file_hash).into()),
            ("file_name", (&self.file_name).into()),
            ("media_type", (&self.media_type).into()),
            ("recorded_at", Field::Int(self.recorded_at)),
            ("recorded_by", Field::Text(&self.recorded_by)),
            ("previous_hash", Field::Text(&self.previous_hash)),
        ]
    }

    /// The text that is hashed: a head line, then `name=LENGTH:VALUE` a line, the length in bytes of UTF-8, and `name=-` for
    /// what is absent. No value can be taken for another, whatever it holds.
    #[must_use]
    pub fn canonical(&self) -> String {
        let mut text = "denghuo-evidence-1\n".to_owned();
        for (name, value) in self.fields() {
            line(&mut text, name, value);
        }
        text
    }

    /// Do two links tell the same of the world? Where they stand in the chain, and when and by whom they were recorded,
    /// does not count.
    #[must_use]
    pub fn same_content(&self, other: &Self) -> bool {
        const PLACE: &[&str] =
            &["evidence_no", "recorded_at", "recorded_by", "previous_hash", "strength", "rules", "retention"];
        let both = self.fields().into_iter().zip(other.fields());
        both.filter(|((name, _), _)| !PLACE.contains(name)).all(|(mine, theirs)| mine == theirs)
    }
}

fn line(text: &mut String, name: &str, value: Field<'_>) {
    let shown = match value {
        Field::Int(number) => number.to_string(),
        Field::Text(value) => value.to_owned(),
        Field::Absent => {
            let _ = writeln!(text, "{name}=-");
            return;
        }
    };
    let _ = writeln!(text, "{name}={}:{shown}", shown.len());
}

/// The text of an anchor that is hashed: its day (`yyyymmdd`), the anchor before, and `(account, last number, last hash)`
/// of every chain that grew, in order of the account.
#[must_use]
pub fn anchor_text(anchored_on: i64, previous: &str, chains: &[(i64, i64, String)]) -> String {
    let mut text = "denghuo-anchor-1\n".to_owned();
    line(&mut text, "anchored_on", Field::Int(anchored_on));
    line(&mut text, "previous", Field::Text(previous));
    for (account_id, evidence_no, hash) in chains {
        let _ = writeln!(text, "{account_id} {evidence_no} {}:{hash}", hash.len());
    }
    text
}
