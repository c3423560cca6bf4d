/* json.ts: JSON as rule 7 of the manifest has it, and JSON that is written. */
import { Text, Writer, isDigit } from "../../guest/assemblyscript/guest";

const MAX_DEPTH = 16;
const MAX_DIGITS = 15;

/** A value: one of the classes below, or true or false; null is null itself. */
export class Value {}

@final
export class JsonNumber extends Value {
  constructor(readonly value: i64) {
    super();
  }
}

@final
export class JsonText extends Value {
  constructor(readonly value: string) {
    super();
  }
}

@final
export class JsonArray extends Value {
  readonly items: Array<Value | null> = [];
}

@final
export class JsonObject extends Value {
  readonly fields: Map<string, Value | null> = new Map<string, Value | null>();

  /** The value of that name; null also where there is none. */
  get(name: string): Value | null {
    return this.fields.has(name) ? this.fields.get(name) : null;
  }
}

/** No rule tells true from false. */
const truth = new Value();

/** Reads one text. */
@final
export class Reader {
  /** The text is not JSON; what read returns is then of no use. */
  malformed: bool = false;
  private i: i32 = 0;
  private depth: i32 = 0;

  constructor(private text: Text) {}

  read(): Value | null {
    this.malformed = !isPlain(this.text);
    if (this.malformed) return null;
    const value = this.value();
    this.skip();
    if (this.i != this.text.n) this.malformed = true;
    return value;
  }

  /** The next byte, 0 at the end. */
  @inline
  private peek(): u8 {
    return this.i < this.text.n ? this.text.byte(this.i) : 0;
  }

  /** Takes the next byte, 0 at the end. */
  @inline
  private next(): u8 {
    const c = this.peek();
    this.i++;
    return c;
  }

  /** Skips white space. */
  private skip(): void {
    for (let c = this.peek(); c == 0x20 || c == 0x09 || c == 0x0a || c == 0x0d; c = this.peek()) this.i++;
  }

  /** Takes the byte behind white space, if it is this one. */
  private take(c: u8): bool {
    this.skip();
    if (this.peek() != c) return false;
    this.i++;
    return true;
  }

  private takeWord(word: string): bool {
    if (!this.text.slice(this.i, this.text.n).begins(word)) return false;
    this.i += word.length;
    return true;
  }

  private value(): Value | null {
    if (this.take(0x7b)) return this.object();
    if (this.take(0x5b)) return this.array();
    if (this.take(0x22)) return new JsonText(this.string());
    const c = this.peek();
    if (c == 0x2d || isDigit(c)) return this.number();
    if (this.takeWord("null")) return null;
    if (!this.takeWord("true") && !this.takeWord("false")) this.malformed = true;
    return truth;
  }

  /** Goes one deeper. */
  private enter(): void {
    this.depth++;
    if (this.depth > MAX_DEPTH) this.malformed = true;
  }

  private leave(bracket: u8): void {
    if (!this.take(bracket)) this.malformed = true;
    this.depth--;
  }

  private object(): JsonObject {
    const object = new JsonObject();
    this.enter();
    this.skip();
    if (this.peek() != 0x7d) {
      do {
        if (!this.take(0x22)) this.malformed = true;
        const name = this.string();
        if (!this.take(0x3a)) this.malformed = true;
        if (!this.malformed) object.fields.set(name, this.value());
      } while (!this.malformed && this.take(0x2c));
    }
    this.leave(0x7d);
    return object;
  }

  private array(): JsonArray {
    const array = new JsonArray();
    this.enter();
    this.skip();
    if (this.peek() != 0x5d) {
      do {
        if (!this.malformed) array.items.push(this.value());
      } while (!this.malformed && this.take(0x2c));
    }
    this.leave(0x5d);
    return array;
  }

  private number(): JsonNumber {
    const negative = this.peek() == 0x2d;
    if (negative) this.i++;
    const from = this.i;
    let value: i64 = 0;
    while (isDigit(this.peek()) && this.i - from <= MAX_DIGITS) value = value * 10 + (this.next() - 0x30);
    const digits = this.i - from;
    if (digits < 1 || digits > MAX_DIGITS || (digits > 1 && this.text.byte(from) == 0x30)) this.malformed = true;
    return new JsonNumber(negative ? -value : value);
  }

  /** Reads what stands behind a quotation mark, up to the next. */
  private string(): string {
    let decoded = this.plain();
    while (!this.malformed) {
      const c = this.next();
      if (c == 0x22) break;
      if (c == 0x5c) decoded += this.escaped() + this.plain();
      else this.malformed = true; // a control character, or the end
    }
    return decoded;
  }

  /** Reads characters that stand for themselves. */
  private plain(): string {
    const from = this.i;
    for (let c = this.peek(); c >= 0x20 && c != 0x22 && c != 0x5c; c = this.peek()) this.i++;
    return String.UTF8.decodeUnsafe(this.text.at + from, this.i - from);
  }

  /** Reads what stands behind a backslash. */
  private escaped(): string {
    const c = this.next();
    switch (c) {
      case 0x22:
      case 0x2f:
      case 0x5c:
        return String.fromCharCode(c);
      case 0x62:
        return "\b";
      case 0x66:
        return "\f";
      case 0x6e:
        return "\n";
      case 0x72:
        return "\r";
      case 0x74:
        return "\t";
      case 0x75:
        return this.unit();
    }
    this.malformed = true;
    return "";
  }

  /** Reads four hexadecimal digits; half of a surrogate pair is as good as all. */
  private unit(): string {
    let unit = 0;
    for (let k = 0; k < 4; k++) {
      const value = hexValue(this.next());
      if (value < 0) this.malformed = true;
      unit = (unit << 4) | value;
    }
    return String.fromCharCode(unit);
  }
}

/** There are no bytes but printable ASCII, tabs and line ends. */
function isPlain(text: Text): bool {
  for (let i = 0; i < text.n; i++) {
    const c = text.byte(i);
    if ((c < 0x20 || c > 0x7e) && c != 0x09 && c != 0x0a && c != 0x0d) return false;
  }
  return true;
}

function hexValue(c: u8): i32 {
  if (isDigit(c)) return c - 0x30;
  const l = c | 0x20;
  return l >= 0x61 && l <= 0x66 ? l - 0x61 + 10 : -1;
}

/** Writes a text of printable characters in quotation marks. */
export function writeText(to: Writer, text: string): void {
  to.byte(0x22);
  for (let i = 0; i < text.length; i++) {
    const c = <u8>text.charCodeAt(i);
    if (c == 0x22 || c == 0x5c) to.byte(0x5c);
    to.byte(c);
  }
  to.byte(0x22);
}

/** Writes a name with its comma, unless it is the first, and its colon. */
export function writeName(to: Writer, name: string): void {
  if (to.n > 0 && load<u8>(to.at + to.n - 1) != 0x7b) to.byte(0x2c);
  writeText(to, name);
  to.byte(0x3a);
}

export function writeTextField(to: Writer, name: string, value: string): void {
  writeName(to, name);
  writeText(to, value);
}

export function writeNumberField(to: Writer, name: string, value: i64): void {
  writeName(to, name);
  to.word(value.toString());
}
