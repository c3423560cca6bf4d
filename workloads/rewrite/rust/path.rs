//! The path of a target, and the rules for it.

/// Gives a path, which begins with a slash, without empty and dot segments and
/// with its escapes in one form; None if one of them is not an escape.
pub fn normalise(raw: &[u8]) -> Option<Vec<u8>> {
    let mut path = Vec::with_capacity(raw.len() + 1);
    let mut open = true; // the path ends with a slash
    for segment in raw[1..].split(|&c| c == b'/') {
        let from = path.len();
        path.push(b'/');
        put_segment(&mut path, segment)?;
        let done = &path[from + 1..];
        let up = done == b"..";
        open = up || done.is_empty() || done == b".";
        if open {
            path.truncate(from);
        }
        if up {
            path.truncate(path.iter().rposition(|&c| c == b'/').unwrap_or(0));
        }
    }
    if open {
        path.push(b'/');
    }
    Some(path)
}

fn put_segment(path: &mut Vec<u8>, segment: &[u8]) -> Option<()> {
    let mut rest = segment.iter();
    while let Some(&c) = rest.next() {
        if c != b'%' {
            path.push(c);
            continue;
        }
        let (high, low) = (hex(*rest.next()?)?, hex(*rest.next()?)?);
        let c = high << 4 | low;
        if c.is_ascii_alphanumeric() || b"-._~".contains(&c) {
            path.push(c);
        } else {
            const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
            path.extend_from_slice(&[b'%', DIGITS[usize::from(high)], DIGITS[usize::from(low)]]);
        }
    }
    Some(())
}

fn hex(c: u8) -> Option<u8> {
    char::from(c).to_digit(16).map(|value| value as u8)
}

/// Applies to paths that start with `from`; where `whole` is set, `from` must be
/// all of the path.
pub struct Rule {
    from: &'static [u8],
    to: &'static [u8],
    whole: bool,
    pub redirect: bool,
}

const fn rule(from: &'static [u8], to: &'static [u8], whole: bool, redirect: bool) -> Rule {
    Rule { from, to, whole, redirect }
}

static RULES: [Rule; 6] = [
    rule(b"/blog/", b"/content/blog/", false, false),
    rule(b"/static/", b"/assets/v3/", false, false),
    rule(b"/api/v1/", b"/api/v2/", false, false),
    rule(b"/index.html", b"/", true, false),
    rule(b"/old/", b"/archive/", false, true),
    rule(b"/feed.xml", b"/blog/feed", true, true),
];

pub fn rule_for(path: &[u8]) -> Option<&'static Rule> {
    RULES.iter().find(|r| if r.whole { path == r.from } else { path.starts_with(r.from) })
}

/// Writes the path as the rule changes it, and the query behind it.
pub fn put_target(out: &mut Vec<u8>, rule: Option<&Rule>, path: &[u8], query: &[u8]) {
    let (to, from) = rule.map_or((&b""[..], 0), |r| (r.to, r.from.len()));
    super::put(out, &[to, &path[from..], query]);
}
