// guest.js: what a workload in JavaScript is written against, where it runs as a worker.
// guest/javascript/guest.js is the same for Node.js.
//
// The build makes one module of this kit, the workload's files and guest/worker/worker.js.
"use strict";

let handle;

function main(program) {
	handle = program;
}

// serve answers a request whose body is that of the workload. A ping has none.
async function serve(request) {
	const body = await request.bytes();
	return new Response(body.length === 0 ? null : handle(body));
}

module.exports = { main, serve, ...require("bytes") };
