// guest.js: in a component, what guest/javascript/guest.js is for a program. A
// workload calls main with its function, and converts bytes by text and bytes.
"use strict";

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

module.exports = { main, answer, ...require("bytes") };
