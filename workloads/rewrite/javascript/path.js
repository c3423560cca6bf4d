// path.js: normalises a request's path and finds the rule for it.
"use strict";

const { Refusal } = require("httphead");

const unreserved = /[A-Za-z0-9._~-]/;

// segmentOf writes the escapes of a segment in their normal form.
function segmentOf(segment) {
	return segment.replace(/%([0-9A-Fa-f]{2})?/g, (escape, digits) => {
		if (digits === undefined) {
			throw new Refusal("bad escape");
		}
		const character = String.fromCharCode(parseInt(digits, 16));
		return unreserved.test(character) ? character : escape.toUpperCase();
	});
}

function normalise(path) {
	const kept = [];
	let open = true; // the path ends with a slash
	for (const raw of path.slice(1).split("/")) {
		const segment = segmentOf(raw);
		open = segment === "" || segment === "." || segment === "..";
		if (!open) {
			kept.push("/", segment);
		} else if (segment === "..") {
			kept.splice(-2);
		}
	}
	return kept.join("") + (open ? "/" : "");
}

const rules = [
	{ from: "/blog/", to: "/content/blog/" },
	{ from: "/static/", to: "/assets/v3/" },
	{ from: "/api/v1/", to: "/api/v2/" },
	{ from: "/index.html", to: "/", whole: true },
	{ from: "/old/", to: "/archive/", redirect: true },
	{ from: "/feed.xml", to: "/blog/feed", whole: true, redirect: true },
];

function ruleFor(path) {
	return rules.find((rule) => (rule.whole ? path === rule.from : path.startsWith(rule.from)));
}

function targetOf(rule, path, query) {
	return (rule === undefined ? path : rule.to + path.slice(rule.from.length)) + query;
}

module.exports = { normalise, ruleFor, targetOf };
