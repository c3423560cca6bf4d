/* path.ts: the path of a target, and the rules for it. */
import { Parts, Text, Writer, isDigit, isLetter, lower } from "../../guest/assemblyscript/guest";

const room = new Writer();

/**
 * The path, which begins with a slash, without empty and dot segments and with
 * its escapes in one form; null if one of them is not an escape. The result
 * stays until the next call.
 */
export function normalise(path: Text): Text | null {
  let open = true; // the path ends with a slash
  room.clear();
  const segments = new Parts(path.slice(1, path.n), 0x2f);
  for (let segment = segments.next(); segment != null; segment = segments.next()) {
    const from = room.n;
    room.byte(0x2f);
    if (!writeSegment(segment)) return null;
    const done = room.since(from + 1);
    const up = done.equals("..");
    open = up || done.n == 0 || done.equals(".");
    if (open) room.n = from;
    if (up) dropSegment();
  }
  if (open) room.byte(0x2f);
  return room.since(0);
}

/** Takes the last segment away with its slash, if there is one. */
function dropSegment(): void {
  while (room.n > 0) {
    room.n--;
    if (load<u8>(room.at + room.n) == 0x2f) return;
  }
}

/** Writes one segment with its escapes normalised; false if one is none. */
function writeSegment(segment: Text): bool {
  for (let i = 0; i < segment.n; i++) {
    const c = segment.byte(i);
    if (c != 0x25) {
      room.byte(c);
      continue;
    }
    if (i + 2 >= segment.n) return false;
    const high = hexValue(segment.byte(i + 1));
    const low = hexValue(segment.byte(i + 2));
    if (high < 0 || low < 0) return false;
    writeEscaped(<u8>((high << 4) | low));
    i += 2;
  }
  return true;
}

/** Writes a byte that was escaped, and still is where it must be. */
function writeEscaped(c: u8): void {
  if (isLetter(c) || isDigit(c) || c == 0x2d || c == 0x2e || c == 0x5f || c == 0x7e) {
    room.byte(c);
    return;
  }
  room.byte(0x25);
  room.byte(hexDigit(c >> 4));
  room.byte(hexDigit(c & 15));
}

function hexValue(c: u8): i32 {
  if (isDigit(c)) return c - 0x30;
  const l = lower(c);
  return l >= 0x61 && l <= 0x66 ? l - 0x61 + 10 : -1;
}

function hexDigit(value: u8): u8 {
  return value < 10 ? 0x30 + value : 0x41 + value - 10;
}

/**
 * A rule applies to paths that start with `from`; where `whole` is set, `from`
 * must be all of the path.
 */
@final
export class Rule {
  constructor(
    readonly from: string,
    readonly to: string,
    readonly whole: bool,
    readonly redirect: bool,
  ) {}
}

const rules: StaticArray<Rule> = [
  new Rule("/blog/", "/content/blog/", false, false),
  new Rule("/static/", "/assets/v3/", false, false),
  new Rule("/api/v1/", "/api/v2/", false, false),
  new Rule("/index.html", "/", true, false),
  new Rule("/old/", "/archive/", false, true),
  new Rule("/feed.xml", "/blog/feed", true, true),
];

/** The first rule that applies, null if none does. */
export function ruleFor(path: Text): Rule | null {
  for (let i = 0; i < rules.length; i++) {
    const rule = unchecked(rules[i]);
    if (rule.whole ? path.equals(rule.from) : path.begins(rule.from)) return rule;
  }
  return null;
}

/** Writes the path as the rule changes it, if there is one, and the query. */
export function writeTarget(response: Writer, rule: Rule | null, path: Text, query: Text): void {
  if (rule == null) {
    response.text(path);
  } else {
    response.word(rule.to);
    response.text(path.slice(rule.from.length, path.n));
  }
  response.text(query);
}
