// dispatcher.js: the worker that makes an isolate for each guest, by workerd's worker
// loader. Its paths are
//
//     POST   /code/CODE/KIND/NAME   one module of a worker; KIND is js, wasm or data
//     DELETE /code/CODE             forget all modules of it
//     any    /guest/GUEST/CODE      a request to a guest, which is made if there is none
//
// The module that a worker begins with is main.js.
import { ending } from "ending.js";

const codes = new Map();

async function store(request, code, kind, name) {
	if (request.method === "DELETE") {
		codes.delete(code);
		return new Response(null);
	}
	const body = kind === "js" ? await request.text() : await request.arrayBuffer();
	if (!codes.has(code)) {
		codes.set(code, {});
	}
	codes.get(code)[name] = { [kind]: body };
	return new Response(null);
}

async function forward(request, loader, compatibilityDate, guest, code) {
	const worker = loader.get(guest, () => ({
		compatibilityDate,
		mainModule: "main.js",
		modules: codes.get(code) ?? {},
		globalOutbound: null,
	}));
	try {
		return await worker.getEntrypoint().fetch(request);
	} catch (thrown) {
		if (request.method === "DELETE") {
			return new Response(null); // it ends without an answer
		}
		return ending("malformed", 0, String(thrown));
	}
}

export default {
	fetch(request, env) {
		const [, what, ...rest] = new URL(request.url).pathname.split("/");
		if (what === "code") {
			return store(request, ...rest);
		}
		return forward(request, env.LOADER, env.DATE, ...rest);
	},
};
