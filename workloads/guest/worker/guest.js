// guest.js: what a workload in JavaScript is written against, where it runs as a worker.
// guest/javascript/guest.js is the same for Node.js.
//
// The build makes one module of this kit, the workload's files and guest/worker/worker.js.
"use strict";

let handle;

function main(program) {
	handle = program;
}

// text gives a string with a character for each byte.
function text(bytes) {
	const most = 8192; // arguments of a call
	let all = "";
	for (let at = 0; at < bytes.length; at += most) {
		all += String.fromCharCode.apply(null, bytes.subarray(at, at + most));
	}
	return all;
}

// bytes is the reverse of text.
function bytes(text) {
	const all = new Uint8Array(text.length);
	for (let i = 0; i < text.length; i++) {
		all[i] = text.charCodeAt(i);
	}
	return all;
}

// serve answers a request whose body is that of the workload. A ping has none.
async function serve(request) {
	const body = await request.bytes();
	return new Response(body.length === 0 ? null : handle(body));
}

module.exports = { main, text, bytes, serve };
