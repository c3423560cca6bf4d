// script.js: the worker around a program in JavaScript, whose default export has the
// fetch of any worker.
//
//     PUT      loads the isolate
//     DELETE   ends the isolate
//     others   go to the program
import { abortIsolate } from "cloudflare:workers";
import program from "program.js";
import { failure } from "ending.js";

export default {
	async fetch(request, env, context) {
		switch (request.method) {
			case "DELETE":
				abortIsolate("closed");
				break;
			case "PUT":
				return new Response(null);
		}
		try {
			return await program.fetch(request, env, context);
		} catch (thrown) {
			return failure(thrown, "");
		}
	},
};
