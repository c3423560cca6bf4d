// rewrite.js: an edge rule. It takes an HTTP/1.1 request and answers with the request as
// it goes on to the origin, with a redirect, or with a refusal. The manifest states the
// rules; c/rewrite.c is the same program.
"use strict";

const guest = require("guest");
const { read, Refusal } = require("httphead");
const { bucket, checkLength, dropped, originOf, readHost } = require("./fields");
const { normalise, ruleFor, targetOf } = require("./path");

function refuse(reason) {
	return (
		"HTTP/1.1 400 Bad Request\r\ncontent-type: text/plain\r\n" +
		`content-length: ${reason.length + 1}\r\n\r\n${reason}\n`
	);
}

function forward(head, host, name, target) {
	let out = `${head.method} ${target} HTTP/1.1\r\n`;
	for (const field of head.fields) {
		if (field.name === "host") {
			out += `${field.spelling}: ${originOf(name)}\r\n`;
		} else if (!dropped(head, field.name)) {
			out += `${field.spelling}: ${field.value}\r\n`;
		}
	}
	return (
		`${out}x-forwarded-proto: https\r\nx-forwarded-host: ${host}\r\n` +
		`via: 1.1 edge\r\nx-bucket: ${bucket(head)}\r\n\r\n${head.body}`
	);
}

function rewrite(request) {
	const head = read(request);
	const { host, name } = readHost(head);
	checkLength(head);
	const mark = head.target.indexOf("?");
	const end = mark < 0 ? head.target.length : mark;
	const path = normalise(head.target.slice(0, end));
	const rule = ruleFor(path);
	const target = targetOf(rule, path, head.target.slice(end));
	if (rule?.redirect) {
		return `HTTP/1.1 301 Moved Permanently\r\nlocation: ${target}\r\ncontent-length: 0\r\n\r\n`;
	}
	return forward(head, host, name, target);
}

function handle(request) {
	try {
		return guest.bytes(rewrite(guest.text(request)));
	} catch (error) {
		if (!(error instanceof Refusal)) {
			throw error;
		}
		return guest.bytes(refuse(error.message));
	}
}

guest.main(handle);
