// reactor.js: the worker around a module with the exports of package runners/abi.
//
//     PUT      makes the instance and runs its _initialize
//     POST     is a request; it makes the instance if there is none
//     DELETE   ends the isolate
import { abortIsolate } from "cloudflare:workers";
import { ending, failure, maxMessage, TooLarge } from "ending.js";
import module from "guest.wasm";
import { newHost } from "host.js";

let host;
let exports;
let ended = false;

// start needs a request around it: workerd gives neither the time nor random numbers to
// what runs while a worker is loaded.
function start() {
	host = newHost(new Uint8Array(0), false);
	exports = new WebAssembly.Instance(module, host.imports(module)).exports;
	host.memory = exports.memory;
	exports._initialize?.();
}

function handle(request) {
	let at = 0;
	if (request.length > 0) {
		at = exports.alloc(request.length) >>> 0;
		new Uint8Array(exports.memory.buffer, at, request.length).set(request);
	}
	const packed = BigInt.asUintN(64, exports.handle(at, request.length));
	const length = Number(packed & 0xffffffffn);
	if (length > maxMessage) {
		throw new TooLarge();
	}
	return new Uint8Array(exports.memory.buffer, Number(packed >> 32n), length);
}

export default {
	async fetch(request) {
		if (request.method === "DELETE") {
			abortIsolate("closed");
		}
		if (ended) {
			return ending("closed", 0, "");
		}
		const body = await request.bytes();
		try {
			if (exports === undefined) {
				start();
			}
			return new Response(request.method === "PUT" ? null : handle(body));
		} catch (thrown) {
			ended = true;
			return failure(thrown, host?.said() ?? "");
		}
	},
};
