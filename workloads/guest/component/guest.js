// guest.js: in a component, what guest/javascript/guest.js is for a program. A
// workload calls main with its function, and uses of Node's Buffer what is here.
"use strict";

// Buffer holds bytes that are read and written as characters from 0 to 255.
globalThis.Buffer = class Buffer extends Uint8Array {
	static from(text) {
		const bytes = new Buffer(text.length);
		for (let at = 0; at < text.length; at++) {
			bytes[at] = text.charCodeAt(at);
		}
		return bytes;
	}

	toString() {
		// A call takes only so many arguments.
		const most = 8192;
		let text = "";
		for (let at = 0; at < this.length; at += most) {
			text += String.fromCharCode(...this.subarray(at, at + most));
		}
		return text;
	}
};

let handle;

function main(f) {
	handle = f;
}

// answer is the export of the component.
function answer(request) {
	if (request.length === 0) {
		return request; // a ping
	}
	return handle(new Buffer(request.buffer, request.byteOffset, request.length));
}

module.exports = { main, answer };
