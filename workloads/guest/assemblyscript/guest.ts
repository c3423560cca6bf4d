/*
 * guest.ts: what a workload in AssemblyScript is written against. A workload's
 * index.ts reads
 *
 *   import { Text, Writer, answer } from "../../guest/assemblyscript/guest";
 *   export { alloc } from "../../guest/assemblyscript/guest";
 *   export function handle(ptr: usize, n: i32): u64 { return answer(ptr, n, respond); }
 *
 *   function respond(request: Text, response: Writer): void { … }
 *
 * which gives the exports of package edgebench/runners/abi. A workload keeps to
 * what needs no import: no clock, no randomness, no trace, no console.
 *
 * The runtime is the compiler's "minimal": an allocator that frees, and a
 * collector that runs only when it is called, which answer does between two
 * requests, when no reference is on the stack. One instance answers millions of
 * requests, and so
 *
 *   stub         will not do: it never frees, and memory would grow with every
 *                request;
 *   incremental  would do, but keeps references on a stack of its own in all
 *                functions, and collects within requests at moments that depend
 *                on those before.
 */
import { Text } from "./text";
import { Writer } from "./writer";

export { Text, Parts, lower, isDigit, isLetter } from "./text";
export { Writer } from "./writer";

/** Answers one request, which is never empty, by writing to an empty response. */
export type Handler = (request: Text, response: Writer) => void;

const incoming = new Writer();
const outgoing = new Writer();

/** The export alloc. */
export function alloc(n: i32): usize {
  incoming.clear();
  incoming.reserve(n);
  return incoming.at;
}

/** What the export handle does: an empty request is a ping. */
@inline
export function answer(ptr: usize, n: i32, handler: Handler): u64 {
  if (n == 0) return 0;
  __collect(); // what the requests before have left
  outgoing.clear();
  handler(new Text(ptr, n), outgoing);
  return ((<u64>outgoing.at) << 32) | outgoing.n;
}
