/*
 * http.ts: a strict reader of the head of an HTTP/1.1 request. guest/c/http.h is
 * the same in C and states the rules: the two refuse the same requests for the
 * same reason.
 */
import { Parts, Text, isDigit, isLetter } from "./text";

const MAX_FIELDS = 100;

/** The name has only the characters of a token, the value no space around it. */
@final
export class Field {
  constructor(readonly name: Text, readonly value: Text) {}
}

@final
export class Head {
  constructor(
    readonly method: Text,
    readonly target: Text,
    readonly body: Text,
    readonly fields: Array<Field>,
  ) {}

  /** The value of the one field of that name, null if there is none, or more. */
  single(name: string): Text | null {
    let found: Text | null = null;
    for (let i = 0; i < this.fields.length; i++) {
      const field = unchecked(this.fields[i]);
      if (!field.name.is(name)) continue;
      if (found != null) return null;
      found = field.value;
    }
    return found;
  }
}

/** A request taken apart, or why it is refused: one of the two is null. */
@final
export class Reading {
  constructor(readonly head: Head | null, readonly reason: string) {}
}

export function readHead(request: Text): Reading {
  const end = headEnd(request);
  if (end < 0) return refused("no end of head");
  const lines = new Lines(request.slice(0, end));
  const parts = new Parts(lines.next(), 0x20);
  const method = parts.next();
  const target = parts.next();
  const version = parts.next();
  if (method == null || target == null || version == null || parts.next() != null) return refused("bad request line");
  if (!isToken(method) || !isTarget(target) || !version.equals("HTTP/1.1")) return refused("bad request line");
  const fields = new Array<Field>();
  while (lines.more) {
    if (fields.length == MAX_FIELDS) return refused("too many fields");
    const field = readField(lines.next());
    if (field == null) return refused("bad field");
    fields.push(field);
  }
  return new Reading(new Head(method, target, request.slice(end + 2, request.n), fields), "");
}

function refused(reason: string): Reading {
  return new Reading(null, reason);
}

/** The length of what stands before the empty line, negative if there is none. */
function headEnd(request: Text): i32 {
  for (let i = 0; i + 4 <= request.n; i++) {
    if (request.byte(i) == 0x0d && load<u32>(request.at + i) == 0x0a0d0a0d) return i + 2;
  }
  return -1;
}

/** The lines of a text in which each one ends with CR LF. */
@final
class Lines {
  private from: i32 = 0;

  constructor(private text: Text) {}

  @inline
  get more(): bool {
    return this.from < this.text.n;
  }

  next(): Text {
    const text = this.text;
    let end = this.from;
    while (text.byte(end) != 0x0d || text.byte(end + 1) != 0x0a) end++;
    const line = text.slice(this.from, end);
    this.from = end + 2;
    return line;
  }
}

function readField(line: Text): Field | null {
  const colon = line.find(0x3a);
  if (colon == line.n) return null;
  const name = line.slice(0, colon);
  const value = line.trimmed(colon + 1, line.n);
  return isToken(name) && isValue(value) ? new Field(name, value) : null;
}

function isToken(text: Text): bool {
  for (let i = 0; i < text.n; i++) {
    const c = text.byte(i);
    if (!isLetter(c) && !isDigit(c) && !isMark(c)) return false;
  }
  return text.n > 0;
}

function isMark(c: u8): bool {
  const marks = "!#$%&'*+-.^_`|~";
  for (let i = 0; i < marks.length; i++) {
    if (marks.charCodeAt(i) == c) return true;
  }
  return false;
}

function isValue(text: Text): bool {
  for (let i = 0; i < text.n; i++) {
    const c = text.byte(i);
    if ((c < 0x20 && c != 0x09) || c == 0x7f) return false;
  }
  return true;
}

function isTarget(text: Text): bool {
  for (let i = 0; i < text.n; i++) {
    const c = text.byte(i);
    if (c <= 0x20 || c > 0x7e || c == 0x23) return false;
  }
  return text.n > 0 && text.byte(0) == 0x2f;
}
