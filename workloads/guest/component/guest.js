// guest.js: in a component, what guest/javascript/guest.js is for a program. A
// workload calls main with its function, and converts bytes by text and bytes.
"use strict";

// text gives a string with a character for each byte.
function text(bytes) {
	// A call takes only so many arguments.
	const most = 8192;
	let all = "";
	for (let at = 0; at < bytes.length; at += most) {
		all += String.fromCharCode(...bytes.subarray(at, at + most));
	}
	return all;
}

// bytes is the reverse of text.
function bytes(text) {
	const all = new Uint8Array(text.length);
	for (let at = 0; at < text.length; at++) {
		all[at] = text.charCodeAt(at);
	}
	return all;
}

let handle;

function main(f) {
	handle = f;
}

// answer is the export of the component.
function answer(request) {
	if (request.length === 0) {
		return request; // a ping
	}
	return handle(request);
}

module.exports = { main, answer, text, bytes };
