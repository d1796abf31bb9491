//! 存证锚点: at the end of a day one digest over the ends of all chains that grew, so that a chain that was cut off or
//! written anew is found by whoever kept the digest.

use super::sha256_hex;
use crate::error::OfficeError;
use denghuo_rules::derivation::Bilingual;
use denghuo_rules::evidence::{GENESIS, anchor_text};
use denghuo_store::day::Range;
use denghuo_store::db::date_to_int;
use denghuo_store::evidence::{self, AnchorRow, Head};
use denghuo_store::{Conn, StoreError};
use jiff::civil::Date;

/// Anchors the chains that grew since the last anchor; gives how many. A day on which nothing grew has no anchor, and a day
/// that has one gets no second: what grows after it is under the next.
///
/// # Errors
/// The database's.
pub fn evidence_anchor(conn: &mut Conn, on: Date) -> Result<i64, OfficeError> {
    conn.write(|conn| {
        let heads = evidence::unanchored(conn)?;
        if heads.is_empty() || evidence::is_anchored(conn, on)? {
            return Ok(0);
        }
        let previous = evidence::last_anchor(conn)?.map_or_else(|| GENESIS.to_owned(), |last| last.digest);
        let anchored_on = date_to_int(on);
        let chains = heads.len() as i64;
        let digest = anchor_digest(anchored_on, &previous, &heads);
        evidence::insert_anchor(conn, &AnchorRow { anchored_on, chains, digest, previous }, &heads)?;
        Ok(chains)
    })
}

/// The digest of an anchor.
#[must_use]
pub fn anchor_digest(anchored_on: i64, previous: &str, heads: &[Head]) -> String {
    sha256_hex(anchor_text(anchored_on, previous, heads).as_bytes())
}

/// What is broken, in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many.
    pub broken: u64,
    /// The first of them.
    pub sample: Vec<String>,
}

impl Found {
    fn tell(&mut self, what: impl FnOnce() -> String) {
        self.broken += 1;
        if self.sample.len() < 20 {
            self.sample.push(what());
        }
    }
}

/// Hashes every chain again, link by link.
///
/// # Errors
/// The database's.
pub fn verify_chains(conn: &mut Conn) -> Result<Found, OfficeError> {
    let mut found = Found::default();
    let mut before = (0, String::new());
    evidence::each_link(conn, |link| {
        let previous = if before.0 == link.account_id { before.1.as_str() } else { GENESIS };
        let place = || format!("{}/{}", link.account_id, link.evidence_no);
        if link.previous_hash != previous {
            found.tell(|| format!("{}: it does not follow the link before", place()));
        } else if sha256_hex(link.canonical().as_bytes()) != link.hash {
            found.tell(|| format!("{}: its values do not come to its hash", place()));
        }
        before = (link.account_id, link.hash);
        Ok::<_, StoreError>(())
    })?;
    Ok(found)
}

/// 证据链状态: what the chain of one account comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChainState {
    /// Links.
    pub links: usize,
    /// Files that were hashed again.
    pub files: usize,
    /// Hash of the last link.
    pub head: Option<String>,
    /// Everything that is not as it was written.
    pub flaws: Vec<Bilingual>,
    /// The last anchor over the chain: its day (yyyymmdd), and the number of the last link under it.
    pub anchor: Option<(i64, i64)>,
}

/// Hashes the chain of an account and its files again, and compares the chain with its last anchor.
///
/// # Errors
/// The database's.
pub fn chain_state(conn: &mut Conn, account_id: i64) -> Result<ChainState, OfficeError> {
    let mut state = ChainState::default();
    let mut previous = GENESIS.to_owned();
    let links = evidence::chains(conn, Range { from: account_id, to: account_id })?;
    let heads = evidence::anchors_of(conn, account_id)?;
    for link in &links {
        let no = link.evidence_no;
        let mut tell = |zh: &str, en: &str| {
            state.flaws.push(Bilingual::new(format!("证据{no}:{zh}"), format!("proof {no}: {en}")));
        };
        if link.previous_hash != previous {
            tell("与前一条不连续", "it does not follow the link before");
        } else if sha256_hex(link.canonical().as_bytes()) != link.hash {
            tell("内容与散列值不符", "its values do not come to its hash");
        }
        if let Some(hash) = &link.file_hash {
            state.files += 1;
            match evidence::file(conn, account_id, hash)? {
                None => tell("文件缺失", "its file is missing"),
                Some(bytes) if sha256_hex(&bytes) != *hash => tell("文件被改动", "its file was changed"),
                Some(_) => {}
            }
        }
        if heads.iter().any(|(_, anchored, hash)| *anchored == no && *hash != link.hash) {
            tell("与存证锚点不符", "it is not what was anchored");
        }
        previous.clone_from(&link.hash);
    }
    state.links = links.len();
    state.head = links.last().map(|link| link.hash.clone());
    state.anchor = heads.iter().max_by_key(|head| head.0).map(|head| (head.0, head.1));
    if let Some((_, no)) =
        state.anchor.filter(|(_, no)| usize::try_from(*no).is_ok_and(|no| no > links.len()))
    {
        let (zh, en) = (format!("锚点下的证据{no}缺失"), format!("the anchored proof {no} is missing"));
        state.flaws.push(Bilingual::new(zh, en));
    }
    Ok(state)
}

/// Hashes every file again.
///
/// # Errors
/// The database's.
pub fn verify_files(conn: &mut Conn) -> Result<Found, OfficeError> {
    let mut found = Found::default();
    evidence::each_file(conn, |account_id, file_hash, bytes| {
        if sha256_hex(bytes) != file_hash {
            found.tell(|| format!("{account_id}: the file {file_hash} was changed"));
        }
        Ok::<_, StoreError>(())
    })?;
    Ok(found)
}

/// Hashes every anchor again, each after the one before it.
///
/// # Errors
/// The database's.
pub fn verify_anchors(conn: &mut Conn) -> Result<Found, OfficeError> {
    let mut found = Found::default();
    let mut previous = GENESIS.to_owned();
    for anchor in evidence::anchors(conn)? {
        let heads = evidence::anchor_heads(conn, anchor.anchored_on)?;
        if anchor.previous != previous {
            found.tell(|| format!("{}: it does not follow the anchor before", anchor.anchored_on));
        } else if anchor_digest(anchor.anchored_on, &anchor.previous, &heads) != anchor.digest {
            found.tell(|| format!("{}: its chains do not come to its digest", anchor.anchored_on));
        }
        previous = anchor.digest;
    }
    Ok(found)
}
