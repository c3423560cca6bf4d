//! A strict reader of the head of an HTTP/1.1 request. guest/c/http.h is the
//! same in C and states the rules: the two refuse the same requests for the
//! same reason, which is a part of the workloads' responses.

pub const MAX_FIELDS: usize = 100;

/// A request taken apart; nothing is copied.
pub struct Head<'a> {
    pub method: &'a [u8],
    pub target: &'a [u8],
    pub fields: Vec<Field<'a>>,
    pub body: &'a [u8],
}

/// The name has only the characters of a token, the value no space around it.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
}

/// Takes a request apart, or says why it is refused.
pub fn read(request: &[u8]) -> Result<Head, &'static str> {
    let (head, body) = cut(request, b"\r\n\r\n").ok_or("no end of head")?;
    let (line, mut rest) = next_line(head);
    let (method, target) = request_line(line).ok_or("bad request line")?;
    let mut fields = Vec::new();
    while let Some(lines) = rest {
        if fields.len() == MAX_FIELDS {
            return Err("too many fields");
        }
        let (line, more) = next_line(lines);
        fields.push(field(line).ok_or("bad field")?);
        rest = more;
    }
    Ok(Head { method, target, fields, body })
}

impl<'a> Head<'a> {
    /// The value of the one field of that name, which is in lower case; None if
    /// there is none, or more.
    pub fn single(&self, name: &str) -> Option<&'a [u8]> {
        let mut found = self.fields.iter().filter(|f| is(f.name, name));
        match (found.next(), found.next()) {
            (Some(field), None) => Some(field.value),
            _ => None,
        }
    }
}

fn next_line(lines: &[u8]) -> (&[u8], Option<&[u8]>) {
    match cut(lines, b"\r\n") {
        Some((line, rest)) => (line, Some(rest)),
        None => (lines, None),
    }
}

fn request_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let (method, rest) = cut(line, b" ")?;
    let (target, version) = cut(rest, b" ")?;
    let good = is_token(method) && is_target(target) && version == b"HTTP/1.1";
    good.then_some((method, target))
}

fn field(line: &[u8]) -> Option<Field> {
    let (name, value) = cut(line, b":")?;
    let value = trim(value);
    (is_token(name) && is_value(value)).then_some(Field { name, value })
}

/// Compares a text with a word in lower case, ignoring the case of ASCII
/// letters and of no others.
pub fn is(text: &[u8], word: &str) -> bool {
    text.len() == word.len() && has_prefix(text, word)
}

/// The same for the first bytes of the text.
pub fn has_prefix(text: &[u8], word: &str) -> bool {
    text.len() >= word.len() && text.iter().zip(word.bytes()).all(|(c, w)| c.to_ascii_lowercase() == w)
}

/// Takes spaces and tabs off both ends.
pub fn trim(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = text {
        text = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = text {
        text = rest;
    }
    text
}

/// Parts a text at the first separator, which is dropped.
pub fn cut<'a>(text: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let (first, n) = (separator[0], separator.len());
    let mut from = 0;
    while let Some(i) = text[from..].iter().position(|&c| c == first) {
        let at = from + i;
        if text[at..].starts_with(separator) {
            return Some((&text[..at], &text[at + n..]));
        }
        from = at + 1;
    }
    None
}

/// Reads a text of 1 to 15 digits.
pub fn decimal(text: &[u8]) -> Option<u64> {
    if text.is_empty() || text.len() > 15 {
        return None;
    }
    text.iter().try_fold(0, |value, c| c.is_ascii_digit().then_some(value * 10 + u64::from(c - b'0')))
}

fn is_token(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|c| c.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(c))
}

fn is_value(text: &[u8]) -> bool {
    text.iter().all(|&c| c == b'\t' || (c >= b' ' && c != 0x7f))
}

fn is_target(text: &[u8]) -> bool {
    text.starts_with(b"/") && text.iter().all(|&c| c.is_ascii_graphic() && c != b'#')
}
