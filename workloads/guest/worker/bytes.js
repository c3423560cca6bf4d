// bytes.js: the conversions of a workload in JavaScript where there is no Buffer: in a worker
// and in a component.
"use strict";

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

module.exports = { text, bytes };
