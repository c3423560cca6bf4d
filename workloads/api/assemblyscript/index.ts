/*
 * api: a JSON microservice. It takes an HTTP/1.1 request and answers with an
 * HTTP/1.1 response. The manifest states the rules; go/main.go is the same
 * service.
 */
import { Text, Writer, answer, isDigit, isLetter } from "../../guest/assemblyscript/guest";
import { Head, readHead } from "../../guest/assemblyscript/http";
import { Filter, decimal, findProduct } from "./catalogue";
import { Reader, writeTextField } from "./json";
import { Order, orderId } from "./order";

export { alloc } from "../../guest/assemblyscript/guest";

export function handle(ptr: usize, n: i32): u64 {
  return answer(ptr, n, respond);
}

const MAX_BODY = 16384;

/** A response before it is written. */
@final
class Reply {
  /** Code and text. */
  status: string = "200 OK";
  /** A field of its own with its line end. */
  field: string = "";

  constructor(readonly body: Writer) {}

  refuse(status: string, reason: string): void {
    this.status = status;
    this.body.byte(0x7b);
    writeTextField(this.body, "error", reason);
    this.body.byte(0x7d);
  }
}

const room = new Writer(); // for the body, whose length stands before it

function respond(request: Text, response: Writer): void {
  room.clear();
  const reply = new Reply(room);
  const reading = readHead(request);
  const head = reading.head;
  const reason = head == null ? reading.reason : check(head);
  if (head == null || reason.length > 0) reply.refuse("400 Bad Request", reason);
  else route(head, reply);
  room.byte(0x0a);
  response.word("HTTP/1.1 ");
  response.word(reply.status);
  response.word("\r\ncontent-type: application/json\r\ncontent-length: ");
  response.word(room.n.toString());
  response.word("\r\n");
  response.word(reply.field);
  response.word("\r\n");
  response.text(room.since(0));
}

/** Rules 2 to 4: why the head is refused, "" if it is not. */
function check(head: Head): string {
  for (let i = 0; i < head.target.n; i++) {
    if (!isOfTarget(head.target.byte(i))) return "bad target";
  }
  if (head.single("host") == null) return "bad host";
  let length: i64 = 0;
  let seen = false;
  for (let i = 0; i < head.fields.length; i++) {
    const field = head.fields[i];
    if (field.name.is("transfer-encoding")) return "bad length";
    if (!field.name.is("content-length")) continue;
    if (seen) return "bad length";
    length = decimal(field.value, 15);
    seen = true;
  }
  return length == head.body.n ? "" : "bad length";
}

function isOfTarget(c: u8): bool {
  if (isLetter(c) || isDigit(c)) return true;
  const marks = "-._~/?=&";
  for (let i = 0; i < marks.length; i++) {
    if (marks.charCodeAt(i) == c) return true;
  }
  return false;
}

/** Rule 5. */
function route(head: Head, reply: Reply): void {
  const target = head.target;
  const mark = target.find(0x3f);
  const path = target.slice(0, mark);
  if (path.equals("/health")) {
    if (allows("GET", head, reply)) reply.body.word('{"status":"ok"}');
  } else if (path.equals("/products")) {
    if (allows("GET", head, reply)) listProducts(target.slice(min(mark + 1, target.n), target.n), reply);
  } else if (path.begins("/products/")) {
    if (allows("GET", head, reply)) oneProduct(path.slice("/products/".length, path.n), reply);
  } else if (path.equals("/orders")) {
    if (allows("POST", head, reply)) takeOrder(head.body, reply);
  } else {
    reply.refuse("404 Not Found", "not found");
  }
}

/** The route's one method is the request's; if not, the reply says so. */
function allows(method: string, head: Head, reply: Reply): bool {
  if (head.method.equals(method)) return true;
  reply.field = "allow: " + method + "\r\n";
  reply.refuse("405 Method Not Allowed", "method not allowed");
  return false;
}

function listProducts(query: Text, reply: Reply): void {
  const filter = new Filter();
  const reason = filter.read(query);
  if (reason.length > 0) reply.refuse("400 Bad Request", reason);
  else filter.answer(reply.body);
}

function oneProduct(sku: Text, reply: Reply): void {
  const product = findProduct(String.UTF8.decodeUnsafe(sku.at, sku.n));
  if (product == null) reply.refuse("404 Not Found", "no such product");
  else product.write(reply.body);
}

/** Rules 7 and 8. */
function takeOrder(body: Text, reply: Reply): void {
  if (body.n > MAX_BODY) return reply.refuse("413 Content Too Large", "too large");
  const reader = new Reader(body);
  const value = reader.read();
  if (reader.malformed) return reply.refuse("400 Bad Request", "malformed json");
  const order = new Order();
  order.read(value);
  if (order.isInvalid) {
    reply.status = "422 Unprocessable Content";
    return order.complain(reply.body);
  }
  const id = orderId(body);
  reply.status = "201 Created";
  reply.field = "location: /orders/" + id + "\r\n";
  order.price(reply.body, id);
}
