//! Where events may be posted: to http and https, and to addresses of the public network; to others only when the site has named them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Characters of an address at most.
const LONGEST: usize = 500;

/// The parts of an address that matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Name or address of the host, without brackets, in small letters.
    pub host: String,
    /// Port.
    pub port: u16,
}

/// Reads an address.
///
/// # Errors
/// Why it is none of the web.
pub fn target_of(url: &str) -> Result<Target, String> {
    if url.len() > LONGEST || !url.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(url.chars().filter(|c| !c.is_control()).take(80).collect());
    }
    let (rest, usual) = match (url.strip_prefix("http://"), url.strip_prefix("https://")) {
        (Some(rest), _) => (rest, 80),
        (_, Some(rest)) => (rest, 443),
        _ => return Err(url.to_owned()),
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') || authority.contains('\\') {
        return Err("no user and no password: 不得含用户名".to_owned());
    }
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) = rest.split_once(']').ok_or_else(|| url.to_owned())?;
            (host, after.strip_prefix(':'))
        }
        None => match authority.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    let port = match port {
        None => usual,
        Some(text) => text.parse().ok().filter(|port| *port != 0).ok_or_else(|| url.to_owned())?,
    };
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b".-:_".contains(&b);
    if host.is_empty() || !host.bytes().all(is_name) {
        return Err(url.to_owned());
    }
    Ok(Target { host: host.to_ascii_lowercase(), port })
}

/// Does an address belong to the public network? This machine, private networks, link-local and special ranges do not: a request to them
/// would reach what only our machine may reach.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => is_public_v4(v4),
            None => is_public_v6(v6),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(a == 0
        || a == 10
        || a == 127
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 169 && b == 254)
        || (a == 172 && (16..32).contains(&b))
        || (a == 192 && b == 168)
        || (a == 192 && b == 0 && (c == 0 || c == 2))
        || (a == 198 && (b == 18 || b == 19 || (b == 51 && c == 100)))
        || (a == 203 && b == 0 && c == 113))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Global unicast alone, without documentation, and without the ranges that carry an IPv4 address inside (6to4, Teredo).
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && (second == 0xdb8 || second == 0))
        && first != 0x2002
}
