//! A writer of compact JSON.

#[derive(Default)]
pub struct Writer {
    out: String,
    /// Nothing stands before what comes next in its object or array.
    first: bool,
}

impl Writer {
    /// The text, with its line end.
    pub fn finish(mut self) -> String {
        self.out.push('\n');
        self.out
    }

    pub fn object(&mut self, members: impl FnOnce(&mut Writer)) {
        self.enclose('{', '}', members);
    }

    pub fn array(&mut self, items: impl FnOnce(&mut Writer)) {
        self.enclose('[', ']', items);
    }

    fn enclose(&mut self, begin: char, end: char, inner: impl FnOnce(&mut Writer)) {
        self.out.push(begin);
        self.first = true;
        inner(self);
        self.out.push(end);
        self.first = false;
    }

    /// Begins an item of an array, or a member of an object.
    pub fn next(&mut self) {
        if !self.first {
            self.out.push(',');
        }
        self.first = false;
    }

    pub fn key(&mut self, key: &str) {
        self.next();
        self.quoted(key);
        self.out.push(':');
    }

    pub fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        self.quoted(value);
    }

    pub fn number(&mut self, key: &str, value: u64) {
        self.key(key);
        self.out.push_str(&value.to_string());
    }

    /// Quotes a text of printable characters.
    fn quoted(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            if c == '"' || c == '\\' {
                self.out.push('\\');
            }
            self.out.push(c);
        }
        self.out.push('"');
    }
}
