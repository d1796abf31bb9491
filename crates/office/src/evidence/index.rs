//! 证据目录: the proofs of a case one by one, as data, as text and as the data of the printed index.

use super::case::{Case, Fact, int, text};
use denghuo_rules::derivation::Language;
use denghuo_rules::evidence::{EvidenceKind, Record, SignerRole, Strength};
use denghuo_rules::notices::{Channel, DeliveryState, NoticeKind};
use denghuo_store::db::{date_from_int, moment_from_int};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// One line of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Item {
    /// Its number in the index, from 1.
    pub no: i64,
    /// `evidence:5`, or `delivery:3:1` for an electronic delivery.
    pub of: String,
    /// What it proves.
    pub subject: String,
    /// The kind, in the language of the bundle.
    pub kind: String,
    /// When what it tells of happened.
    pub time: String,
    /// Where, or the address it went to.
    pub place: String,
    /// Who made it, and who signed.
    pub person: String,
    /// Its strength; empty where none was graded.
    pub strength: String,
    /// Of a proof the hash of its link; of a delivery the digest of the message that left.
    pub hash: String,
    /// Path of its file in the bundle.
    pub file: Option<String>,
    /// SHA-256 of that file.
    pub file_hash: Option<String>,
    /// Number of the waybill, the gateway's reference.
    pub reference: Option<String>,
}

/// Says a word in a language.
pub(super) struct Tongue(pub Language);

impl Tongue {
    pub fn say<'t>(&self, zh: &'t str, en: &'t str) -> &'t str {
        if self.0 == Language::Chinese { zh } else { en }
    }
}

/// `2026-09-08 10:30` of a moment as the database has it.
pub(super) fn moment_text(moment: i64) -> String {
    moment_from_int(moment).map_or_else(
        || moment.to_string(),
        |at| {
            let (hour, minute) = (at.hour(), at.minute());
            format!("{} {hour:02}:{minute:02}", at.date())
        },
    )
}

/// `2026-09-08` of a day as the database has it.
pub(super) fn day_text(day: i64) -> String {
    date_from_int(day).map_or_else(|| day.to_string(), |day| day.to_string())
}

/// Where the file of a proof stands in a bundle.
pub(super) fn file_path(link: &Record) -> Option<String> {
    let end = match link.media_type.as_deref().unwrap_or_default() {
        "application/pdf" => "pdf",
        "application/json" => "json",
        "application/zip" => "zip",
        "audio/mpeg" => "mp3",
        "audio/ogg" => "ogg",
        "audio/wav" => "wav",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/tiff" => "tif",
        "image/webp" => "webp",
        "message/rfc822" => "eml",
        "text/plain" => "txt",
        "video/mp4" => "mp4",
        _ => "bin",
    };
    link.file_hash.as_ref().map(|hash| format!("files/{hash}.{end}"))
}

/// The lines of a case: its proofs in order, then its electronic deliveries.
pub(super) fn items(case: &Case, chain: &[Record], tongue: &Tongue) -> Vec<Item> {
    let proofs = chain.iter().filter(|link| case.proofs.contains(&link.evidence_no));
    let mut items: Vec<Item> = proofs.map(|link| of_proof(link, tongue)).collect();
    items.extend(case.rows("delivery").iter().filter_map(|fact| of_delivery(case, fact, tongue)));
    for (no, item) in (1..).zip(&mut items) {
        item.no = no;
    }
    items
}

fn of_proof(link: &Record, tongue: &Tongue) -> Item {
    let kind = EvidenceKind::from_word(&link.kind).map_or("", EvidenceKind::zh);
    let strength = Strength::from_word(&link.strength).map_or("", Strength::zh);
    let role = link.signer_role.as_deref().and_then(SignerRole::from_word);
    let role = role.map(|role| tongue.say(role.zh(), role.word()));
    let signer = link.signer.as_deref().map(|name| match role {
        Some(role) => format!("{name} ({role})"),
        None => name.to_owned(),
    });
    let people = [Some(link.made_by.clone()), signer, link.witness.clone()];
    Item {
        no: 0,
        of: format!("evidence:{}", link.evidence_no),
        subject: link.subject.clone(),
        kind: tongue.say(kind, &link.kind).to_owned(),
        time: moment_text(link.happened_at),
        place: link.place.clone().or_else(|| link.address.clone()).unwrap_or_default(),
        person: people.into_iter().flatten().collect::<Vec<_>>().join(tongue.say("、", ", ")),
        strength: tongue.say(strength, &link.strength).to_owned(),
        hash: link.hash.clone(),
        file: file_path(link),
        file_hash: link.file_hash.clone(),
        reference: link.reference.clone(),
    }
}

/// An electronic delivery is a proof that the system itself made: address, moments, the message's digest, the gateway's
/// reference. One that never left is none.
fn of_delivery(case: &Case, fact: &Fact, tongue: &Tongue) -> Option<Item> {
    let channel = Channel::from_word(text(fact, "channel")).filter(|channel| channel.is_electronic())?;
    let sent_at = Some(int(fact, "sent_at")).filter(|at| *at > 0)?;
    let (notice_no, delivery_no) = (int(fact, "notice_no"), int(fact, "delivery_no"));
    let notice = case.rows("notice").iter().find(|notice| int(notice, "notice_no") == notice_no);
    let kind = notice.and_then(|notice| NoticeKind::from_word(text(notice, "kind")));
    let told = kind.map_or("", |kind| tongue.say(kind.zh(), kind.word()));
    let attempts = case.rows("delivery_attempt").iter();
    let hash = attempts
        .filter(|row| int(row, "notice_no") == notice_no && int(row, "delivery_no") == delivery_no)
        .map(|row| text(row, "body_hash"))
        .rfind(|hash| !hash.is_empty());
    let contact = case.rows("contact").iter().find(|row| int(row, "contact_no") == int(fact, "contact_no"));
    let since = contact.map_or(0, |contact| int(contact, "designated_on"));
    let mut place = text(fact, "address").to_owned();
    if since > 0 {
        place.push_str(&format!(" ({}{})", tongue.say("约定于", "designated "), day_text(since)));
    }
    let state = DeliveryState::from_word(text(fact, "state"));
    let state = state.map_or("", |state| tongue.say(state.zh(), state.word()));
    Some(Item {
        no: 0,
        of: format!("delivery:{notice_no}:{delivery_no}"),
        subject: format!("notice:{notice_no}"),
        kind: format!("{told} {} {state}", tongue.say(channel.zh(), channel.word())),
        time: moment_text(sent_at),
        place,
        person: String::new(),
        strength: String::new(),
        hash: hash.unwrap_or_default().to_owned(),
        file: None,
        file_hash: None,
        reference: Some(text(fact, "gateway_ref").to_owned()).filter(|text| !text.is_empty()),
    })
}

/// The index as plain text.
pub(super) fn index_text(told: &Value, items: &[Item], tongue: &Tongue) -> String {
    use std::fmt::Write as _;
    let of = |place: &str| told.pointer(place).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut out = String::new();
    let _ = writeln!(out, "{}", tongue.say("证据目录", "Index of evidence"));
    for (zh, en, place) in [
        ("案号", "case", "/case/no"),
        ("当事人", "customer", "/customer/name"),
        ("户号", "account", "/customer/account_no"),
        ("截至", "as of", "/issued_on"),
        ("欠费合计", "total owed", "/total"),
    ] {
        let _ = writeln!(out, "{}: {}", tongue.say(zh, en), of(place));
    }
    for item in items {
        let _ = writeln!(out, "\n{}. {}  [{}]  {}", item.no, item.kind, item.subject, item.time);
        for (zh, en, value) in [
            ("地点", "place", item.place.as_str()),
            ("经手人", "person", &item.person),
            ("证明力", "strength", &item.strength),
            ("编号", "reference", item.reference.as_deref().unwrap_or_default()),
            ("文件", "file", item.file.as_deref().unwrap_or_default()),
            ("散列值", "hash", &item.hash),
        ] {
            if !value.is_empty() {
                let _ = writeln!(out, "   {}: {value}", tongue.say(zh, en));
            }
        }
    }
    out
}

/// The items as the printed index reads them.
pub(super) fn paper_items(items: &[Item]) -> Vec<Value> {
    items
        .iter()
        .map(|item| {
            json!({
                "no": item.no, "kind": item.kind, "time": item.time, "place": item.place, "person": item.person,
                "strength": item.strength, "hash": item.hash,
            })
        })
        .collect()
}
