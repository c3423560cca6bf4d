// command.js: the worker around a module with _start, which answers one request.
//
//     PUT      loads the isolate
//     POST     is the request: the guest's stdin, whose stdout is the response
//     DELETE   ends the isolate
import { abortIsolate } from "cloudflare:workers";
import { ending, Exit, failure } from "ending.js";
import module from "guest.wasm";
import { newHost } from "host.js";

let ran = false;

function run(host) {
	try {
		const { exports } = new WebAssembly.Instance(module, host.imports(module));
		host.memory = exports.memory;
		exports._start();
	} catch (thrown) {
		if (!(thrown instanceof Exit) || thrown.code !== 0) {
			throw thrown;
		}
	}
	return host.written();
}

export default {
	async fetch(request) {
		if (request.method === "DELETE") {
			abortIsolate("closed");
		}
		if (request.method === "PUT") {
			return new Response(null);
		}
		if (ran) {
			return ending("closed", 0, "");
		}
		ran = true;
		const host = newHost(await request.bytes(), true);
		try {
			return new Response(run(host));
		} catch (thrown) {
			return failure(thrown, host.said());
		}
	},
};
