// orders.js: orders are read, validated and priced. Prices are in cents and far
// below 2^53, so that numbers are exact.
"use strict";

const { Refusal } = require("httphead");
const { findProduct } = require("./catalogue");

const maxBody = 16384;
const maxDepth = 16;

// decode reads JSON as rule 7 has it, which is stricter than JSON.parse.
function decode(text) {
	if (/[^\x20-\x7e\t\n\r]/.test(text)) {
		throw new Refusal("malformed json");
	}
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		throw new Refusal("malformed json");
	}
	let depth = 0;
	for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[[\]{}]/g)) {
		const first = token[0];
		if (first === "[" || first === "{") {
			depth++;
		} else if (first === "]" || first === "}") {
			depth--;
		} else if (first !== '"' && !/^-?[0-9]{1,15}$/.test(token)) {
			throw new Refusal("malformed json");
		}
		if (depth > maxDepth) {
			throw new Refusal("malformed json");
		}
	}
	return value;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const isPrintable = (value, least, most) =>
	typeof value === "string" && value.length >= least && value.length <= most && /^[ -~]*$/.test(value);

// validate gives all that is wrong with an order.
function validate(order) {
	if (!isObject(order)) {
		return [{ field: "order", reason: "must be an object" }];
	}
	const wrong = [];
	if (!isPrintable(order.customer, 1, 64)) {
		wrong.push({ field: "customer", reason: "must be 1 to 64 printable characters" });
	}
	const coupon = order.coupon ?? null;
	if (coupon !== null && coupon !== "WELCOME10" && coupon !== "FIVER") {
		wrong.push({ field: "coupon", reason: "must be a known coupon, or absent" });
	}
	const items = order.items;
	if (!Array.isArray(items) || items.length < 1 || items.length > 100) {
		wrong.push({ field: "items", reason: "must be an array of 1 to 100 items" });
		return wrong;
	}
	items.forEach((item, i) => wrong.push(...validateItem(`items[${i}]`, item)));
	return wrong;
}

function validateItem(field, item) {
	if (!isObject(item)) {
		return [{ field, reason: "must be an object" }];
	}
	const wrong = [];
	if (typeof item.sku !== "string" || !findProduct(item.sku)) {
		wrong.push({ field: `${field}.sku`, reason: "must be a known sku" });
	}
	if (typeof item.quantity !== "number" || item.quantity < 1 || item.quantity > 1000) {
		wrong.push({ field: `${field}.quantity`, reason: "must be an integer from 1 to 1000" });
	}
	const note = item.note ?? null;
	if (note !== null && !isPrintable(note, 0, 80)) {
		wrong.push({ field: `${field}.note`, reason: "must be up to 80 printable characters, or absent" });
	}
	return wrong;
}

function priceItem({ sku, quantity, note }) {
	const product = findProduct(sku);
	const full = product.price_cents * quantity;
	const percent = quantity >= 100 ? 15 : quantity >= 10 ? 5 : 0;
	const discount = Math.floor((full * percent) / 100);
	const line = {
		sku,
		name: product.name,
		quantity,
		unit_cents: product.price_cents,
		discount_cents: discount,
		total_cents: full - discount,
	};
	if (typeof note === "string") {
		line.note = note;
	}
	const rate = product.category === "paper" ? 7 : 19;
	return { line, tax: Math.floor((line.total_cents * rate + 50) / 100) };
}

function couponDiscount(coupon, subtotal) {
	if (coupon === "WELCOME10") {
		return Math.floor((subtotal * 10) / 100);
	}
	return coupon === "FIVER" && subtotal >= 2500 ? 500 : 0;
}

function price(order, id) {
	const priced = order.items.map(priceItem);
	const lines = priced.map((p) => p.line);
	lines.sort((a, b) => b.total_cents - a.total_cents || (a.sku < b.sku ? -1 : a.sku > b.sku ? 1 : 0));
	const sum = (values) => values.reduce((a, b) => a + b, 0);
	const subtotal = sum(lines.map((l) => l.total_cents));
	const discount = couponDiscount(order.coupon, subtotal);
	const tax = sum(priced.map((p) => p.tax));
	const shipping = subtotal - discount >= 5000 ? 0 : 490;
	return {
		id,
		customer: order.customer,
		lines,
		units: sum(lines.map((l) => l.quantity)),
		subtotal_cents: subtotal,
		discount_cents: discount,
		tax_cents: tax,
		shipping_cents: shipping,
		total_cents: subtotal - discount + tax + shipping,
	};
}

// orderID is FNV-1a of the body, 32 bits.
function orderID(body) {
	let hash = 0x811c9dc5;
	for (let i = 0; i < body.length; i++) {
		hash = Math.imul(hash ^ body.charCodeAt(i), 0x01000193);
	}
	return "o-" + (hash >>> 0).toString(16).padStart(8, "0");
}

function postOrder(body) {
	if (body.length > maxBody) {
		return { status: 413, body: { error: "too large" } };
	}
	const order = decode(body);
	const wrong = validate(order);
	if (wrong.length > 0) {
		return { status: 422, body: { error: "invalid order", fields: wrong } };
	}
	const id = orderID(body);
	return { status: 201, field: `location: /orders/${id}\r\n`, body: price(order, id) };
}

module.exports = { postOrder };
