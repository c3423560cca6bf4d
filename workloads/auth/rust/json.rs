//! A reader of JSON objects (RFC 8259) that nest at most MAX_DEPTH deep. It
//! copies nothing: what it finds is text as it stands.

const MAX_DEPTH: usize = 16;

/// Finds the values of some keys of an object: None if the text is not one
/// object or has one of the keys twice, and for a key that it has not. A value
/// is what stands in the text, with a string's quotes. A key that is written
/// with escapes is another key.
pub fn members<'a, const N: usize>(text: &'a [u8], keys: [&str; N]) -> Option<[Option<&'a [u8]>; N]> {
    let mut found = [None; N];
    let mut r = Reader { rest: text };
    r.skip_space();
    r.take(b'{')?;
    r.list(b'}', |r| {
        let key = r.key()?;
        let value = r.value(1)?;
        let again = keys.iter().position(|k| k.as_bytes() == key).and_then(|i| found[i].replace(value));
        again.is_none().then_some(())
    })?;
    r.skip_space();
    r.rest.is_empty().then_some(found)
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

    fn word(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(word.as_bytes())?;
        Some(())
    }

    fn skip_space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn digits(&mut self) -> Option<()> {
        let n = self.rest.iter().take_while(|c| c.is_ascii_digit()).count();
        self.rest = &self.rest[n..];
        (n > 0).then_some(())
    }

    fn number(&mut self) -> Option<()> {
        let _ = self.take(b'-');
        self.take(b'0').or_else(|| self.digits())?;
        if self.take(b'.').is_some() {
            self.digits()?;
        }
        if self.take(b'e').or_else(|| self.take(b'E')).is_some() {
            let _ = self.take(b'+').or_else(|| self.take(b'-'));
            self.digits()?;
        }
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        match self.next()? {
            b'u' => (0..4).try_for_each(|_| self.next().filter(u8::is_ascii_hexdigit).map(drop)),
            c => b"\"\\/bfnrt".contains(&c).then_some(()),
        }
    }

    /// Takes a key and the colon behind it, and gives what stands between the
    /// quotes.
    fn key(&mut self) -> Option<&'a [u8]> {
        let before = self.rest;
        self.string()?;
        let key = &before[1..before.len() - self.rest.len() - 1];
        self.skip_space();
        self.take(b':')?;
        self.skip_space();
        Some(key)
    }

    /// Takes a value that stands within so many lists.
    fn value(&mut self, depth: usize) -> Option<&'a [u8]> {
        let before = self.rest;
        match self.rest.first()? {
            b'{' | b'[' if depth == MAX_DEPTH => None,
            b'{' => self.object(depth + 1),
            b'[' => self.array(depth + 1),
            b'"' => self.string(),
            b't' => self.word("true"),
            b'f' => self.word("false"),
            b'n' => self.word("null"),
            _ => self.number(),
        }?;
        Some(&before[..before.len() - self.rest.len()])
    }

    fn object(&mut self, depth: usize) -> Option<()> {
        self.take(b'{')?;
        self.list(b'}', |r| r.key().and_then(|_| r.value(depth)).map(drop))
    }

    fn array(&mut self, depth: usize) -> Option<()> {
        self.take(b'[')?;
        self.list(b']', |r| r.value(depth).map(drop))
    }

    /// Takes items with commas between them, if any, and the end.
    fn list(&mut self, end: u8, mut item: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
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
}
