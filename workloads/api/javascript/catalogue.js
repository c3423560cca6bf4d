// catalogue.js: the products and the queries for them.
"use strict";

const { Refusal } = require("httphead");

const catalogue = [
	["A-100", "Headphones, closed", "audio", 4999],
	["A-210", 'Microphone "Studio"', "audio", 12900],
	["A-330", "Cable 6.3 mm, 3 m", "audio", 1250],
	["D-010", "Desk 160x80, oak", "desk", 34900],
	["D-020", "Desk 160x80, white", "desk", 34900],
	["D-115", 'Monitor arm 27"', "desk", 8990],
	["D-400", "Cable tray", "desk", 1999],
	["L-001", "Desk lamp, LED", "light", 5990],
	["L-002", "Bulb E27, 8 W", "light", 899],
	["L-050", "Floor lamp <warm>", "light", 14950],
	["P-001", "Notebook A5, dotted", "paper", 349],
	["P-002", "Notebook A4, ruled", "paper", 549],
	["P-010", "Copy paper, 500 sheets", "paper", 799],
	["P-099", "Sticky notes & flags", "paper", 99],
	["S-007", "Office chair", "seat", 45900],
	["S-008", "Stool, 65 cm", "seat", 12900],
	["T-001", "Screwdriver set", "tool", 2490],
	["T-002", "Tape measure 5 m", "tool", 899],
	["T-044", "Drill 18 V", "tool", 18990],
	["T-045", "Battery 18 V\\4 Ah", "tool", 6490],
].map(([sku, name, category, price_cents]) => ({ sku, name, category, price_cents }));

const bySKU = new Map(catalogue.map((product) => [product.sku, product]));

const categories = ["desk", "light", "paper", "seat", "tool", "audio"];

function findProduct(sku) {
	return bySKU.get(sku);
}

// orders sort products that are sorted by SKU already; the sort is stable.
const orders = new Map([
	["sku", () => 0],
	["name", (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)],
	["price", (a, b) => a.price_cents - b.price_cents],
	["-price", (a, b) => b.price_cents - a.price_cents],
]);

// parameters give the value of a query's part, undefined for one that is not
// allowed.
const parameters = new Map([
	["category", (text) => (categories.includes(text) ? text : undefined)],
	["max_price", (text) => (/^[0-9]{1,9}$/.test(text) ? Number(text) : undefined)],
	["sort", (text) => orders.get(text)],
	["limit", (text) => (/^[0-9]{1,3}$/.test(text) && text >= 1 && text <= 100 ? Number(text) : undefined)],
]);

function readFilter(query) {
	const filter = new Map();
	for (const part of query.split("&")) {
		if (part === "") {
			continue;
		}
		const mark = part.indexOf("=");
		const name = mark < 0 ? part : part.slice(0, mark);
		const text = mark < 0 ? "" : part.slice(mark + 1);
		if (!parameters.has(name)) {
			throw new Refusal("unknown parameter");
		}
		if (filter.has(name)) {
			throw new Refusal("repeated parameter");
		}
		const value = parameters.get(name)(text);
		if (value === undefined) {
			throw new Refusal(`bad parameter: ${name}`);
		}
		filter.set(name, value);
	}
	return filter;
}

function listProducts(query) {
	const filter = readFilter(query);
	const category = filter.get("category");
	const most = filter.get("max_price") ?? Infinity;
	const matches = catalogue.filter((p) => (category === undefined || p.category === category) && p.price_cents <= most);
	matches.sort(filter.get("sort") ?? orders.get("sku"));
	return { total: matches.length, products: matches.slice(0, filter.get("limit") ?? 100) };
}

module.exports = { findProduct, listProducts };
