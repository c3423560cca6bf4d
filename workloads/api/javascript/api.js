// api.js: the JSON microservice in JavaScript. The manifest states the rules.
"use strict";

const guest = require("guest");
const { read, Refusal } = require("httphead");
const { listProducts, findProduct } = require("./catalogue");
const { postOrder } = require("./orders");

const texts = {
	200: "OK",
	201: "Created",
	400: "Bad Request",
	404: "Not Found",
	405: "Method Not Allowed",
	413: "Content Too Large",
	422: "Unprocessable Content",
};

function refuse(status, error) {
	return { status, body: { error } };
}

function answer(request) {
	const head = read(request);
	if (!/^[A-Za-z0-9._~/?=&-]*$/.test(head.target)) {
		throw new Refusal("bad target");
	}
	if (head.fields.filter((f) => f.name === "host").length !== 1) {
		throw new Refusal("bad host");
	}
	checkLength(head);
	return route(head);
}

function checkLength(head) {
	const lengths = head.fields.filter((f) => f.name === "content-length");
	const chunked = head.fields.some((f) => f.name === "transfer-encoding");
	const announced = lengths.length === 0 ? "0" : lengths[0].value;
	if (chunked || lengths.length > 1 || !/^[0-9]{1,15}$/.test(announced) || Number(announced) !== head.body.length) {
		throw new Refusal("bad length");
	}
}

function route(head) {
	const mark = head.target.indexOf("?");
	const path = mark < 0 ? head.target : head.target.slice(0, mark);
	const query = mark < 0 ? "" : head.target.slice(mark + 1);
	if (path === "/health") {
		return only("GET", head, () => ({ status: 200, body: { status: "ok" } }));
	}
	if (path === "/products") {
		return only("GET", head, () => ({ status: 200, body: listProducts(query) }));
	}
	if (path.startsWith("/products/")) {
		return only("GET", head, () => oneProduct(path.slice("/products/".length)));
	}
	if (path === "/orders") {
		return only("POST", head, () => postOrder(head.body));
	}
	return refuse(404, "not found");
}

// only serves a route that has one method.
function only(method, head, serve) {
	if (head.method === method) {
		return serve();
	}
	return { ...refuse(405, "method not allowed"), field: `allow: ${method}\r\n` };
}

function oneProduct(sku) {
	const product = findProduct(sku);
	return product ? { status: 200, body: product } : refuse(404, "no such product");
}

function handle(request) {
	let reply;
	try {
		reply = answer(guest.text(request));
	} catch (error) {
		if (!(error instanceof Refusal)) {
			throw error;
		}
		reply = refuse(400, error.message);
	}
	const body = JSON.stringify(reply.body) + "\n";
	return guest.bytes(
		`HTTP/1.1 ${reply.status} ${texts[reply.status]}\r\ncontent-type: application/json\r\n` +
			`content-length: ${body.length}\r\n${reply.field ?? ""}\r\n${body}`,
	);
}

guest.main(handle);
