//! 证据包导出: everything that a case rests on, as files that prove themselves without this program's database.

use super::bundle::{Bundle, BundleHead, FORMAT, PAPER, Sealed, content_digest, json_bytes};
use super::case::{Case, CaseKey, int, text};
use super::index::{self, Item, Tongue, day_text};
use crate::billing::bill_explain;
use crate::collections::explain_late_fee;
use crate::error::OfficeError;
use crate::ports::Papers;
use crate::work::Work;
use denghuo_rules::derivation::Language;
use denghuo_rules::evidence::{EvidenceRefusal, GENESIS, Record};
use denghuo_rules::refusal::Refusal;
use denghuo_rules::rulebook::Rulebook;
use denghuo_rules::units::Money;
use denghuo_store::day::Range;
use denghuo_store::evidence::{self, Concerned};
use denghuo_store::{Conn, ledger};
use jiff::civil::Date;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What is to be exported.
#[derive(Clone, Copy)]
pub struct CaseOrder<'c> {
    /// The account.
    pub account_id: i64,
    /// The case.
    pub case: CaseKey,
    /// The day through which late fees are told.
    pub on: Date,
    /// Language of the index.
    pub language: Language,
    /// Name and version of the program.
    pub product: &'c str,
    /// Prints the index; without it the bundle has the index as text and as data.
    pub papers: Option<&'c dyn Papers>,
}

/// Gathers a case as a bundle. The same state and order give the same bytes.
///
/// # Errors
/// No such account or case, a file whose content was changed, a printer that fails, or the database's.
pub fn evidence_export(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &CaseOrder<'_>,
) -> Result<Sealed, OfficeError> {
    // The lock of the account: nobody writes to it between two of our questions.
    conn.write(|conn| {
        let unknown = || OfficeError::refuse(EvidenceRefusal::UnknownAccount);
        let concerned = evidence::concerned(conn, order.account_id)?.ok_or_else(unknown)?;
        ledger::lock(conn, order.account_id)?;
        let range = Range { from: order.account_id, to: order.account_id };
        let chain = evidence::chains(conn, range)?;
        let case = Case::load(conn, order.account_id, order.case, &chain)?;
        gather(conn, work, order, &concerned, (&case, &chain))
    })
}

fn gather(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &CaseOrder<'_>,
    concerned: &Concerned,
    (case, chain): (&Case, &[Record]),
) -> Result<Sealed, OfficeError> {
    let tongue = Tongue(order.language);
    let head = BundleHead {
        format: FORMAT.to_owned(),
        product: order.product.to_owned(),
        account_no: concerned.account_no.clone(),
        case: order.case.to_string(),
        as_of: order.on.to_string(),
    };
    let (bills, claim) = debts(conn, work, order, case)?;
    let mut files = Bundle::new();
    let items = index::items(case, chain, &tongue);
    keep_files(conn, order.account_id, chain, &items, &mut files)?;
    let told = cover(order, concerned, &claim, &tongue);
    let rules = cited(work.book, case, chain, &bills);
    let facts = json!({
        "head": head, "company": concerned.org,
        "customer": { "name": concerned.customer, "kind": concerned.kind, "account_no": concerned.account_no,
            "address": concerned.address },
        "bills": bills, "claim": claim, "timeline": super::timeline::of(case, chain), "tables": case.tables,
    });
    files.insert("case.json".to_owned(), json_bytes(&facts));
    files.insert("chain.json".to_owned(), json_bytes(&json!({ "genesis": GENESIS, "links": chain })));
    files.insert("anchors.json".to_owned(), json_bytes(&anchors(conn, order.account_id)?));
    files.insert("rules.json".to_owned(), json_bytes(&rules));
    files.insert("index.json".to_owned(), json_bytes(&items));
    files.insert("index.txt".to_owned(), index::index_text(&told, &items, &tongue).into_bytes());
    files.insert("README.txt".to_owned(), include_str!("bundle_readme.txt").as_bytes().to_vec());
    if let Some(papers) = order.papers {
        let mut data = told;
        data["case"]["digest"] = content_digest(&head, &files).into();
        data["items"] = index::paper_items(&items).into();
        let printed = papers.pdf("evidence_index", &data.to_string());
        let pdf = printed.map_err(|error| {
            Refusal::new(
                "evidence.index_not_printed",
                format!("证据目录无法打印:{error}"),
                format!("the index is not printed: {error}"),
            )
        })?;
        files.insert(PAPER.to_owned(), pdf);
    }
    Ok(Sealed::new(&head, files))
}

/// The bills of the case with their lines and derivation, and what is claimed.
fn debts(
    conn: &mut Conn,
    work: &Work<'_>,
    order: &CaseOrder<'_>,
    case: &Case,
) -> Result<(Vec<Value>, Value), OfficeError> {
    let (mut bills, mut claimed) = (Vec::new(), Vec::new());
    let (mut principal, mut fees) = (Money::ZERO, Money::ZERO);
    for fact in case.rows("receivable") {
        let bill_no = int(fact, "bill_no");
        let mut bill = explained(conn, work, (order.account_id, bill_no))?;
        let open = Money(int(fact, "open_fen"));
        bill["due_on"] = day_text(int(fact, "due_on")).into();
        bill["released_on"] = day_text(int(fact, "released_on")).into();
        bill["open"] = json!(open);
        let mut late_fee = Money::ZERO;
        match explain_late_fee(conn, work, (order.account_id, bill_no), order.on) {
            Ok(fee) => {
                late_fee = fee.unpaid + fee.fee - fee.booked;
                bill["late_fee"] = json!(fee);
            }
            Err(OfficeError::Refused(refusal)) => bill["late_fee_refused"] = refusal.code.into(),
            Err(error) => return Err(error),
        }
        principal += open;
        fees += late_fee;
        claimed.push(json!({ "bill_no": bill_no, "open": open, "late_fee": late_fee }));
        bills.push(bill);
    }
    let claim =
        json!({ "bills": claimed, "principal": principal, "late_fee": fees, "total": principal + fees });
    Ok((bills, claim))
}

fn explained(conn: &mut Conn, work: &Work<'_>, key: (i64, i64)) -> Result<Value, OfficeError> {
    let told = bill_explain(conn, work, key)?;
    let bill = &told.bill;
    Ok(json!({
        "bill_no": bill.bill_no, "kind": bill.kind, "month": bill.month, "from": bill.from_on, "to": bill.to_on,
        "active_kwh": bill.active, "amount": bill.amount, "derived": told.derived, "corrects_no": bill.corrects_no,
        "prepared_by": bill.prepared_by, "reason": bill.reason,
        "lines": told.lines.iter().map(|line| json!({
            "item": line.item, "band": line.band, "tier": line.tier,
            "quantity": denghuo_rules::units::format_scaled(line.quantity, 4, 0), "unit": line.unit,
            "price": line.price, "share": line.share, "amount": line.amount,
        })).collect::<Vec<_>>(),
        "derivation": told.steps,
        "rules": told.rules.iter().map(|(id, ..)| id).collect::<Vec<_>>(),
    }))
}

/// Takes the files of the proofs that the index names.
fn keep_files(
    conn: &mut Conn,
    account_id: i64,
    chain: &[Record],
    items: &[Item],
    files: &mut Bundle,
) -> Result<(), OfficeError> {
    let wanted: BTreeSet<&String> = items.iter().filter_map(|item| item.file_hash.as_ref()).collect();
    for link in chain {
        let (Some(path), Some(hash)) = (index::file_path(link), &link.file_hash) else { continue };
        if !wanted.contains(hash) || files.contains_key(&path) {
            continue;
        }
        let (_, bytes) = super::evidence_file(conn, account_id, link.evidence_no)?;
        files.insert(path, bytes);
    }
    Ok(())
}

/// The anchors from the first under which the chain is, with every chain of those under which it is.
fn anchors(conn: &mut Conn, account_id: i64) -> Result<Value, OfficeError> {
    let own: BTreeSet<i64> = evidence::anchors_of(conn, account_id)?.into_iter().map(|own| own.0).collect();
    let first = own.first().copied().unwrap_or(i64::MAX);
    let mut told = Vec::new();
    for anchor in evidence::anchors(conn)?.into_iter().filter(|anchor| anchor.anchored_on >= first) {
        let mut entry = json!({
            "anchored_on": anchor.anchored_on, "chains": anchor.chains, "digest": anchor.digest,
            "previous": anchor.previous,
        });
        if own.contains(&anchor.anchored_on) {
            entry["heads"] = json!(evidence::anchor_heads(conn, anchor.anchored_on)?);
        }
        told.push(entry);
    }
    Ok(Value::Array(told))
}

/// Every rule that a bill, a notice, a step, a cut or a proof of the case names, with its basis.
fn cited(book: &Rulebook, case: &Case, chain: &[Record], bills: &[Value]) -> Vec<Value> {
    let mut ids: BTreeSet<String> = BTreeSet::new();
    let mut take =
        |list: &str| ids.extend(list.split([',', ' ']).filter(|id| !id.is_empty()).map(str::to_owned));
    case.tables.values().flatten().for_each(|fact| take(text(fact, "rules")));
    chain.iter().filter(|link| case.proofs.contains(&link.evidence_no)).for_each(|link| take(&link.rules));
    for bill in bills {
        let named = bill.pointer("/rules").and_then(Value::as_array).into_iter().flatten();
        let steps = ["/derivation", "/late_fee/steps"]
            .into_iter()
            .filter_map(|place| bill.pointer(place)?.as_array())
            .flatten()
            .filter_map(|step| step.get("rule"));
        named.chain(steps).filter_map(Value::as_str).for_each(&mut take);
    }
    ids.iter()
        .map(|id| match book.rule(id) {
            Some(rule) => json!({
                "id": id, "topic": rule.topic, "from": rule.from, "until": rule.until, "confidence": rule.confidence,
                "clause": rule.clause(), "basis": rule.basis, "when": rule.when, "params": rule.params,
            }),
            None => json!({ "id": id, "absent": true }),
        })
        .collect()
}

/// What the cover of the index tells.
fn cover(order: &CaseOrder<'_>, concerned: &Concerned, claim: &Value, tongue: &Tongue) -> Value {
    let (zh, en) = match order.case {
        CaseKey::Account => ("供用电合同纠纷", "supply contract dispute"),
        CaseKey::Cut(_) => ("欠费停电", "cut for arrears"),
        CaseKey::Legal(_) => ("供用电合同欠费纠纷", "arrears under a supply contract"),
        CaseKey::Notice(_) => ("通知送达", "service of a notice"),
    };
    json!({
        "lang": tongue.say("zh", "en"), "company": { "name": concerned.org },
        "customer": { "name": concerned.customer, "account_no": concerned.account_no, "address": concerned.address },
        "issued_on": order.on, "total": claim["total"],
        "case": { "no": order.case.to_string(), "title_zh": zh, "title_en": en },
    })
}
