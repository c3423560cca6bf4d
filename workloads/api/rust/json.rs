//! A reader of JSON as rule 7 has it: ASCII alone, integers of at most
//! MAX_DIGITS digits, lists of at most MAX_DEPTH within each other.

const MAX_DEPTH: usize = 16;
const MAX_DIGITS: usize = 15;

pub enum Value {
    Null,
    Bool,
    Number(i64),
    /// None for a text in which anything but printable ASCII is escaped.
    Text(Option<String>),
    Array(Vec<Value>),
    Object(Vec<(Option<String>, Value)>),
}

impl Value {
    /// A member of an object; Null for one that is not there.
    pub fn get(&self, key: &str) -> &Value {
        let members = match self {
            Value::Object(members) => members,
            _ => return &Value::Null,
        };
        let last = members.iter().rev().find(|(k, _)| k.as_deref() == Some(key));
        last.map_or(&Value::Null, |(_, value)| value)
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// A text of printable characters.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => text.as_deref(),
            _ => None,
        }
    }
}

/// Reads one value and nothing behind it.
pub fn read(text: &[u8]) -> Option<Value> {
    let mut r = Reader { rest: text };
    let value = r.value(0)?;
    r.skip_space();
    r.rest.is_empty().then_some(value)
}

/// Has the text that has not been read. Each method takes one thing, and gives
/// None if it is not there.
struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<u8> {
        let (&c, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(c)
    }

    fn take(&mut self, c: u8) -> Option<()> {
        self.rest = self.rest.strip_prefix(&[c])?;
        Some(())
    }

    fn word(&mut self, word: &str, value: Value) -> Option<Value> {
        self.rest = self.rest.strip_prefix(word.as_bytes())?;
        Some(value)
    }

    fn skip_space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// Takes a value that stands within so many lists, and the space before it.
    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_space();
        match self.rest.first()? {
            b'{' | b'[' if depth == MAX_DEPTH => None,
            b'{' => self.object(depth + 1),
            b'[' => self.array(depth + 1),
            b'"' => self.text().map(Value::Text),
            b't' => self.word("true", Value::Bool),
            b'f' => self.word("false", Value::Bool),
            b'n' => self.word("null", Value::Null),
            _ => self.number(),
        }
    }

    fn object(&mut self, depth: usize) -> Option<Value> {
        let mut members = Vec::new();
        self.list(b'{', b'}', |r| {
            let key = r.text()?;
            r.skip_space();
            r.take(b':')?;
            members.push((key, r.value(depth)?));
            Some(())
        })?;
        Some(Value::Object(members))
    }

    fn array(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        self.list(b'[', b']', |r| {
            items.push(r.value(depth)?);
            Some(())
        })?;
        Some(Value::Array(items))
    }

    /// Takes items with commas between them, if any, and what encloses them.
    fn list(&mut self, begin: u8, end: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.take(begin)?;
        self.skip_space();
        if self.take(end).is_some() {
            return Some(());
        }
        loop {
            self.skip_space();
            item(self)?;
            self.skip_space();
            if self.take(b',').is_none() {
                return self.take(end);
            }
        }
    }

    fn number(&mut self) -> Option<Value> {
        let sign = if self.take(b'-').is_some() { -1 } else { 1 };
        let n = self.rest.iter().take_while(|c| c.is_ascii_digit()).count();
        let (digits, rest) = self.rest.split_at(n);
        let leading_zero = n > 1 && digits[0] == b'0';
        let goes_on = matches!(rest.first(), Some(b'.' | b'e' | b'E'));
        if n == 0 || n > MAX_DIGITS || leading_zero || goes_on {
            return None;
        }
        self.rest = rest;
        let value = digits.iter().fold(0, |value, c| value * 10 + i64::from(c - b'0'));
        Some(Value::Number(sign * value))
    }

    /// Takes a string; the inner None is for one with other characters.
    fn text(&mut self) -> Option<Option<String>> {
        self.take(b'"')?;
        let mut text = Some(String::new());
        loop {
            let c = match self.next()? {
                b'"' => return Some(text),
                b'\\' => self.escape()?,
                c @ b' '..=b'~' => u16::from(c),
                _ => return None,
            };
            match u8::try_from(c) {
                Ok(c @ b' '..=b'~') => text.iter_mut().for_each(|t| t.push(c.into())),
                _ => text = None,
            }
        }
    }

    /// Takes what follows a backslash, and gives the UTF-16 unit.
    fn escape(&mut self) -> Option<u16> {
        match self.next()? {
            c @ (b'"' | b'\\' | b'/') => Some(c.into()),
            b'b' | b'f' | b'n' | b'r' | b't' => Some(0), // none of them is printable
            b'u' => (0..4).try_fold(0, |unit, _| {
                let digit = char::from(self.next()?).to_digit(16)?;
                Some(unit << 4 | digit as u16)
            }),
            _ => None,
        }
    }
}
