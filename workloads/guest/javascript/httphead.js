// httphead.js: a strict reader of the head of an HTTP/1.1 request. guest/c/http.h
// is the same in C and states the rules.
"use strict";

const maxFields = 100;

const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const target = /^\/[!"$-~]*$/;
const control = /[\x00-\x08\x0a-\x1f\x7f]/;
const spaceAround = /^[ \t]+|[ \t]+$/g;

// Refusal is thrown for a request that is refused; its message is the reason.
class Refusal extends Error {}

// read takes a request apart, which is a string with a character for each byte.
// The name of a field is in small letters, its spelling as it came.
function read(request) {
	const end = request.indexOf("\r\n\r\n");
	if (end < 0) {
		throw new Refusal("no end of head");
	}
	const lines = request.slice(0, end).split("\r\n");
	const [method, path, ...version] = lines[0].split(" ");
	if (!token.test(method) || !target.test(path ?? "") || version.join(" ") !== "HTTP/1.1") {
		throw new Refusal("bad request line");
	}
	const fields = [];
	for (const line of lines.slice(1)) {
		if (fields.length === maxFields) {
			throw new Refusal("too many fields");
		}
		const colon = line.indexOf(":");
		const value = line.slice(colon + 1).replace(spaceAround, "");
		if (colon < 0 || !token.test(line.slice(0, colon)) || control.test(value)) {
			throw new Refusal("bad field");
		}
		const spelling = line.slice(0, colon);
		fields.push({ name: spelling.toLowerCase(), spelling, value });
	}
	return { method, target: path, fields, body: request.slice(end + 4) };
}

module.exports = { read, Refusal };
