// fields.js: what a request's fields say, and which of them go on.
"use strict";

const { Refusal } = require("httphead");

const hostForm = /^([A-Za-z0-9.-]+)(:[0-9]{1,5})?$/;
const longestHost = 255;

// readHost gives the Host as it came, and its name without port and "www.".
function readHost(head) {
	const hosts = head.fields.filter((f) => f.name === "host");
	const host = hosts.length === 1 ? hosts[0].value : "";
	const form = hostForm.exec(host);
	if (form === null || host.length > longestHost) {
		throw new Refusal("bad host");
	}
	const name = form[1].toLowerCase();
	return { host, name: name.startsWith("www.") && name.length > 4 ? name.slice(4) : name };
}

function checkLength(head) {
	const lengths = head.fields.filter((f) => f.name === "content-length" || f.name === "transfer-encoding");
	if (lengths.length > 1) {
		throw new Refusal("ambiguous length");
	}
}

const origins = new Map([
	["example.com", "web.origin.internal"],
	["shop.example.com", "shop.origin.internal"],
	["img.example.com", "images.origin.internal"],
]);

function originOf(name) {
	return origins.get(name) ?? name;
}

const always = new Set([
	"connection",
	"keep-alive",
	"proxy-connection",
	"proxy-authenticate",
	"proxy-authorization",
	"te",
	"trailer",
	"upgrade",
	"x-forwarded-proto",
	"x-forwarded-host",
	"x-bucket",
]);
const never = new Set(["host", "content-length", "transfer-encoding", "cookie"]);

const spaceAround = /^[ \t]+|[ \t]+$/g;

// parts of a field's value, without the space around them.
function parts(value, separator) {
	return value.split(separator).map((part) => part.replace(spaceAround, ""));
}

// nominated: a Connection field names it as meant for this hop.
function nominated(head, name) {
	return head.fields.some(
		(f) => f.name === "connection" && parts(f.value, ",").some((part) => part.toLowerCase() === name),
	);
}

function dropped(head, name) {
	if (always.has(name) || name.startsWith("x-internal-")) {
		return true;
	}
	return !never.has(name) && nominated(head, name);
}

// uid is the first one of a cookie, "" if there is none.
function uid(head) {
	for (const field of head.fields) {
		const found = field.name === "cookie" && parts(field.value, ";").find((part) => /^uid=./.test(part));
		if (found) {
			return found.slice(4);
		}
	}
	return "";
}

// FNV-1a of 64 bits.
const offset = 14695981039346656037n;
const prime = 1099511628211n;

function bucket(head) {
	const value = uid(head);
	if (value === "") {
		return "a";
	}
	let hash = offset;
	for (let i = 0; i < value.length; i++) {
		hash = BigInt.asUintN(64, (hash ^ BigInt(value.charCodeAt(i))) * prime);
	}
	return hash % 100n < 80n ? "a" : "b";
}

module.exports = { bucket, checkLength, dropped, originOf, readHost };
