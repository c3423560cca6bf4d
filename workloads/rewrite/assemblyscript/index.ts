/*
 * rewrite: an edge rule. It takes an HTTP/1.1 request and answers with the
 * request as it goes on to the origin, with a redirect, or with a refusal. The
 * manifest states the rules; c/rewrite.c is the same program.
 */
import { Text, Writer, answer } from "../../guest/assemblyscript/guest";
import { Head, readHead } from "../../guest/assemblyscript/http";
import { Host, bucket, isAmbiguous, isDropped, readHost, writeOrigin } from "./fields";
import { Rule, normalise, ruleFor, writeTarget } from "./path";

export { alloc } from "../../guest/assemblyscript/guest";

export function handle(ptr: usize, n: i32): u64 {
  return answer(ptr, n, respond);
}

function respond(request: Text, response: Writer): void {
  const reading = readHead(request);
  const head = reading.head;
  const reason = head == null ? reading.reason : rewrite(head, response);
  if (reason.length > 0) refuse(response, reason);
}

/** Writes the response, or returns why the request is refused. */
function rewrite(head: Head, response: Writer): string {
  const host = readHost(head);
  if (host == null) return "bad host";
  if (isAmbiguous(head)) return "ambiguous length";
  const target = head.target;
  const mark = target.find(0x3f);
  const query = target.slice(mark, target.n); // from the question mark on
  const path = normalise(target.slice(0, mark));
  if (path == null) return "bad escape";
  const rule = ruleFor(path);
  if (rule != null && rule.redirect) {
    redirect(response, rule, path, query);
    return "";
  }
  response.text(head.method);
  response.byte(0x20);
  writeTarget(response, rule, path, query);
  forward(response, head, host);
  return "";
}

function refuse(response: Writer, reason: string): void {
  response.word("HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\ncontent-length: ");
  response.word((reason.length + 1).toString());
  response.word("\r\n\r\n");
  response.word(reason);
  response.byte(0x0a);
}

function redirect(response: Writer, rule: Rule, path: Text, query: Text): void {
  response.word("HTTP/1.1 301 Moved Permanently\r\nlocation: ");
  writeTarget(response, rule, path, query);
  response.word("\r\ncontent-length: 0\r\n\r\n");
}

function forward(response: Writer, head: Head, host: Host): void {
  response.word(" HTTP/1.1\r\n");
  for (let i = 0; i < head.fields.length; i++) {
    const field = unchecked(head.fields[i]);
    const isHost = field.name.is("host");
    if (!isHost && isDropped(head, field.name)) continue;
    response.text(field.name);
    response.word(": ");
    if (isHost) writeOrigin(response, host.name);
    else response.text(field.value);
    response.word("\r\n");
  }
  response.word("x-forwarded-proto: https\r\nx-forwarded-host: ");
  response.text(host.came);
  response.word("\r\nvia: 1.1 edge\r\nx-bucket: ");
  response.word(bucket(head));
  response.word("\r\n\r\n");
  response.text(head.body);
}
