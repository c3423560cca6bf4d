/* fields.ts: what the fields of a request say, and which of them go on. */
import { Parts, Text, Writer, isDigit, isLetter, lower } from "../../guest/assemblyscript/guest";
import { Head } from "../../guest/assemblyscript/http";

const MAX_HOST = 255;

/** The Host field as it came, and its name without port and without www. */
@final
export class Host {
  constructor(readonly came: Text, readonly name: Text) {}
}

/** Finds the one Host field, null if it is not as it must be. */
export function readHost(head: Head): Host | null {
  const came = head.single("host");
  if (came == null || came.n > MAX_HOST) return null;
  const colon = came.find(0x3a);
  const name = came.slice(0, colon);
  if (!isName(name) || (colon < came.n && !isPort(came.slice(colon + 1, came.n)))) return null;
  const bare = name.n > 4 && name.hasPrefix("www.");
  return new Host(came, bare ? name.slice(4, name.n) : name);
}

function isName(name: Text): bool {
  for (let i = 0; i < name.n; i++) {
    const c = name.byte(i);
    if (!isLetter(c) && !isDigit(c) && c != 0x2d && c != 0x2e) return false;
  }
  return name.n > 0;
}

function isPort(port: Text): bool {
  for (let i = 0; i < port.n; i++) {
    if (!isDigit(port.byte(i))) return false;
  }
  return port.n >= 1 && port.n <= 5;
}

/** Writes the host that a request for this name goes on to. */
export function writeOrigin(response: Writer, name: Text): void {
  if (name.is("example.com")) response.word("web.origin.internal");
  else if (name.is("shop.example.com")) response.word("shop.origin.internal");
  else if (name.is("img.example.com")) response.word("images.origin.internal");
  else for (let i = 0; i < name.n; i++) response.byte(lower(name.byte(i)));
}

/** Two lengths, or a length beside chunks, are how requests are smuggled. */
export function isAmbiguous(head: Head): bool {
  let lengths = 0;
  for (let i = 0; i < head.fields.length; i++) {
    const name = unchecked(head.fields[i]).name;
    if (name.is("content-length") || name.is("transfer-encoding")) lengths++;
  }
  return lengths > 1;
}

const always: StaticArray<string> = [
  "connection", "keep-alive", "proxy-connection", "proxy-authenticate",
  "proxy-authorization", "te", "trailer", "upgrade",
  "x-forwarded-proto", "x-forwarded-host", "x-bucket",
];
const never: StaticArray<string> = ["host", "content-length", "transfer-encoding", "cookie"];

/** The field of that name does not go on. */
export function isDropped(head: Head, name: Text): bool {
  if (isListed(name, always) || name.hasPrefix("x-internal-")) return true;
  return !isListed(name, never) && isNominated(head, name);
}

function isListed(name: Text, words: StaticArray<string>): bool {
  for (let i = 0; i < words.length; i++) {
    if (name.is(unchecked(words[i]))) return true;
  }
  return false;
}

/** A Connection field names it as meant for this hop. */
function isNominated(head: Head, name: Text): bool {
  for (let i = 0; i < head.fields.length; i++) {
    const field = unchecked(head.fields[i]);
    if (!field.name.is("connection")) continue;
    const parts = new Parts(field.value, 0x2c);
    for (let part = parts.nextTrimmed(); part != null; part = parts.nextTrimmed()) {
      if (part.same(name)) return true;
    }
  }
  return false;
}

/** "a" or "b", by a hash of the cookie uid. */
export function bucket(head: Head): string {
  const uid = findUid(head);
  if (uid == null) return "a";
  let hash: u64 = 14695981039346656037;
  for (let i = 0; i < uid.n; i++) hash = (hash ^ uid.byte(i)) * 1099511628211;
  return hash % 100 < 80 ? "a" : "b";
}

/** The first cookie uid that has a value, null if there is none. */
function findUid(head: Head): Text | null {
  for (let i = 0; i < head.fields.length; i++) {
    const field = unchecked(head.fields[i]);
    if (!field.name.is("cookie")) continue;
    const parts = new Parts(field.value, 0x3b);
    for (let part = parts.nextTrimmed(); part != null; part = parts.nextTrimmed()) {
      if (part.n > 4 && part.begins("uid=")) return part.slice(4, part.n);
    }
  }
  return null;
}
