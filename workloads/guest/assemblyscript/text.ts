/*
 * text.ts: bytes, and small words for them. A request is bytes and not always
 * UTF-8, so that String, which is UTF-16, can't hold it.
 */

/** Makes an ASCII letter a small one. */
@inline
export function lower(c: u8): u8 {
  return c - 0x41 < 26 ? c | 0x20 : c; // 'A' to 'Z'
}

@inline
export function isDigit(c: u8): bool {
  return c - 0x30 < 10;
}

@inline
export function isLetter(c: u8): bool {
  return (c | 0x20) - 0x61 < 26;
}

/** The character at i of a word in ASCII. */
@inline
export function letter(word: string, i: i32): u8 {
  return load<u8>(changetype<usize>(word) + ((<usize>i) << 1));
}

/** Bytes of the request or of a writer; nothing is copied. */
@final
export class Text {
  constructor(readonly at: usize, readonly n: i32) {}

  /** The byte at i, which must be below n. */
  @inline
  byte(i: i32): u8 {
    return load<u8>(this.at + i);
  }

  /** What stands from byte i on, up to byte j and without it. */
  @inline
  slice(i: i32, j: i32): Text {
    return new Text(this.at + i, j - i);
  }

  /** Where the byte first is, n if it is nowhere. */
  find(c: u8): i32 {
    let i = 0;
    while (i < this.n && this.byte(i) != c) i++;
    return i;
  }

  /** Begins with the word. */
  begins(word: string): bool {
    if (this.n < word.length) return false;
    for (let i = 0; i < word.length; i++) {
      if (this.byte(i) != letter(word, i)) return false;
    }
    return true;
  }

  equals(word: string): bool {
    return this.n == word.length && this.begins(word);
  }

  /** begins, for a word in lower case and a text in any. */
  hasPrefix(word: string): bool {
    if (this.n < word.length) return false;
    for (let i = 0; i < word.length; i++) {
      if (lower(this.byte(i)) != letter(word, i)) return false;
    }
    return true;
  }

  /** equals, for a word in lower case and a text in any. */
  is(word: string): bool {
    return this.n == word.length && this.hasPrefix(word);
  }

  /** Compares two texts, ignoring the case of ASCII letters. */
  same(other: Text): bool {
    if (this.n != other.n) return false;
    for (let i = 0; i < this.n; i++) {
      if (lower(this.byte(i)) != lower(other.byte(i))) return false;
    }
    return true;
  }

  /** slice without the spaces and tabs at its ends. */
  trimmed(i: i32, j: i32): Text {
    while (i < j && isBlank(this.byte(i))) i++;
    while (i < j && isBlank(this.byte(j - 1))) j--;
    return this.slice(i, j);
  }
}

@inline
function isBlank(c: u8): bool {
  return c == 0x20 || c == 0x09;
}

/**
 * The parts of a text between separators; an empty text has one empty part. To
 * make a Text costs more than most of what is done with it, and so no other is
 * made on the way to a part.
 */
@final
export class Parts {
  private from: i32 = 0;

  constructor(private text: Text, private separator: u8) {}

  /** The next part, null if there are no more. */
  next(): Text | null {
    const from = this.from;
    if (from > this.text.n) return null;
    const end = this.end(from);
    return this.text.slice(from, end);
  }

  /** next without the spaces and tabs at its ends. */
  nextTrimmed(): Text | null {
    const from = this.from;
    if (from > this.text.n) return null;
    const end = this.end(from);
    return this.text.trimmed(from, end);
  }

  /** Where the part ends that begins there; the next begins behind it. */
  private end(from: i32): i32 {
    let end = from;
    while (end < this.text.n && this.text.byte(end) != this.separator) end++;
    this.from = end + 1;
    return end;
  }
}
