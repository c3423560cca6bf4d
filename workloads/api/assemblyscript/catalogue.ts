/* catalogue.ts: what there is to buy, and the questions about it. */
import { Parts, Text, Writer, isDigit } from "../../guest/assemblyscript/guest";
import { writeName, writeNumberField, writeTextField } from "./json";

@final
export class Product {
  constructor(
    readonly sku: string,
    readonly category: string,
    readonly price: i64, // in cents
    readonly name: string,
  ) {}

  write(to: Writer): void {
    to.byte(0x7b);
    writeTextField(to, "sku", this.sku);
    writeTextField(to, "name", this.name);
    writeTextField(to, "category", this.category);
    writeNumberField(to, "price_cents", this.price);
    to.byte(0x7d);
  }
}

/** Sorted by SKU. */
const catalogue: StaticArray<Product> = [
  new Product("A-100", "audio", 4999, "Headphones, closed"),
  new Product("A-210", "audio", 12900, 'Microphone "Studio"'),
  new Product("A-330", "audio", 1250, "Cable 6.3 mm, 3 m"),
  new Product("D-010", "desk", 34900, "Desk 160x80, oak"),
  new Product("D-020", "desk", 34900, "Desk 160x80, white"),
  new Product("D-115", "desk", 8990, 'Monitor arm 27"'),
  new Product("D-400", "desk", 1999, "Cable tray"),
  new Product("L-001", "light", 5990, "Desk lamp, LED"),
  new Product("L-002", "light", 899, "Bulb E27, 8 W"),
  new Product("L-050", "light", 14950, "Floor lamp <warm>"),
  new Product("P-001", "paper", 349, "Notebook A5, dotted"),
  new Product("P-002", "paper", 549, "Notebook A4, ruled"),
  new Product("P-010", "paper", 799, "Copy paper, 500 sheets"),
  new Product("P-099", "paper", 99, "Sticky notes & flags"),
  new Product("S-007", "seat", 45900, "Office chair"),
  new Product("S-008", "seat", 12900, "Stool, 65 cm"),
  new Product("T-001", "tool", 2490, "Screwdriver set"),
  new Product("T-002", "tool", 899, "Tape measure 5 m"),
  new Product("T-044", "tool", 18990, "Drill 18 V"),
  new Product("T-045", "tool", 6490, "Battery 18 V\\4 Ah"),
];

const categories: StaticArray<string> = ["desk", "light", "paper", "seat", "tool", "audio"];

const MAX_LIMIT: i64 = 100;

export function findProduct(sku: string): Product | null {
  for (let i = 0; i < catalogue.length; i++) {
    const product = unchecked(catalogue[i]);
    if (product.sku == sku) return product;
  }
  return null;
}

/** A query of the catalogue. */
@final
export class Filter {
  private names: Array<string> = []; // that have come
  private category: string = "";
  private maxPrice: i64 = i64.MAX_VALUE;
  private sort: string = "sku";
  private limit: i64 = MAX_LIMIT;

  /** Reads a query and returns why it is refused, "" if it is not. */
  read(query: Text): string {
    const parts = new Parts(query, 0x26);
    for (let part = parts.next(); part != null; part = parts.next()) {
      if (part.n == 0) continue;
      const mark = part.find(0x3d);
      const name = String.UTF8.decodeUnsafe(part.at, mark);
      const value = part.slice(min(mark + 1, part.n), part.n);
      if (name != "category" && name != "max_price" && name != "sort" && name != "limit") return "unknown parameter";
      if (this.names.includes(name)) return "repeated parameter";
      if (!this.set(name, value)) return "bad parameter: " + name;
      this.names.push(name);
    }
    return "";
  }

  private set(name: string, value: Text): bool {
    if (name == "max_price") {
      this.maxPrice = decimal(value, 9);
      return this.maxPrice >= 0;
    }
    if (name == "limit") {
      this.limit = decimal(value, 3);
      return this.limit >= 1 && this.limit <= MAX_LIMIT;
    }
    const word = String.UTF8.decodeUnsafe(value.at, value.n);
    if (name == "category") {
      this.category = word;
      return categories.includes(word);
    }
    this.sort = word;
    return word == "sku" || word == "name" || word == "price" || word == "-price";
  }

  /** Writes what matches. */
  answer(to: Writer): void {
    const matches: Array<Product> = [];
    for (let i = 0; i < catalogue.length; i++) {
      const product = unchecked(catalogue[i]);
      if (this.category.length > 0 && product.category != this.category) continue;
      if (product.price <= this.maxPrice) matches.push(product);
    }
    if (this.sort == "name") matches.sort((a, b) => compareWords(a.name, b.name));
    if (this.sort == "price") matches.sort(comparePrices);
    if (this.sort == "-price") matches.sort((a, b) => (a.price == b.price ? compareWords(a.sku, b.sku) : comparePrices(b, a)));
    to.byte(0x7b);
    writeNumberField(to, "total", matches.length);
    writeName(to, "products");
    to.byte(0x5b);
    const n = min(matches.length, i32(this.limit));
    for (let i = 0; i < n; i++) {
      if (i > 0) to.byte(0x2c);
      matches[i].write(to);
    }
    to.word("]}");
  }
}

function compareWords(a: string, b: string): i32 {
  return a < b ? -1 : i32(a > b);
}

/** The cheapest first; equal prices by SKU, since Array#sort would mix them. */
function comparePrices(a: Product, b: Product): i32 {
  return a.price == b.price ? compareWords(a.sku, b.sku) : i32(a.price - b.price);
}

/** The value of 1 to n decimal digits, negative if they are none. */
export function decimal(text: Text, n: i32): i64 {
  if (text.n < 1 || text.n > n) return -1;
  let value: i64 = 0;
  for (let i = 0; i < text.n; i++) {
    const c = text.byte(i);
    if (!isDigit(c)) return -1;
    value = value * 10 + (c - 0x30);
  }
  return value;
}
