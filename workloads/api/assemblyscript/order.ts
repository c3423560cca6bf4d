/* order.ts: orders that are read, checked and priced. */
import { Text, Writer } from "../../guest/assemblyscript/guest";
import { Product, findProduct } from "./catalogue";
import {
  JsonArray, JsonNumber, JsonObject, JsonText, Value,
  writeName, writeNumberField, writeTextField,
} from "./json";

const MAX_ITEMS = 100;
const MAX_QUANTITY: i64 = 1000;
const MAX_CUSTOMER = 64;
const MAX_NOTE = 80;

/** One item of an order with its price; all prices are in cents. */
@final
class Line {
  readonly discount: i64;
  readonly total: i64;

  constructor(
    readonly place: i32, // in the order
    readonly product: Product,
    readonly quantity: i64,
    readonly note: string | null,
  ) {
    const full = product.price * quantity;
    const percent: i64 = quantity >= 100 ? 15 : quantity >= 10 ? 5 : 0;
    this.discount = (full * percent) / 100;
    this.total = full - this.discount;
  }

  get tax(): i64 {
    return (this.total * (this.product.category == "paper" ? 7 : 19) + 50) / 100;
  }

  write(to: Writer): void {
    to.byte(0x7b);
    writeTextField(to, "sku", this.product.sku);
    writeTextField(to, "name", this.product.name);
    writeNumberField(to, "quantity", this.quantity);
    writeNumberField(to, "unit_cents", this.product.price);
    writeNumberField(to, "discount_cents", this.discount);
    writeNumberField(to, "total_cents", this.total);
    const note = this.note;
    if (note != null) writeTextField(to, "note", note);
    to.byte(0x7d);
  }
}

/**
 * The dearest first, then by SKU, then as they came: Array#sort here does not
 * keep the order of equals.
 */
function compareLines(a: Line, b: Line): i32 {
  if (a.total != b.total) return a.total > b.total ? -1 : 1;
  if (a.product.sku != b.product.sku) return a.product.sku < b.product.sku ? -1 : 1;
  return a.place - b.place;
}

@final
export class Order {
  private customer: string = "";
  private coupon: string = "";
  private lines: Array<Line> = [];
  private wrong: Array<string> = []; // field and reason in turn

  /** All that is wrong stops the order from being priced. */
  get isInvalid(): bool {
    return this.wrong.length > 0;
  }

  private refuse(field: string, reason: string): void {
    this.wrong.push(field);
    this.wrong.push(reason);
  }

  read(value: Value | null): void {
    if (!(value instanceof JsonObject)) {
      this.refuse("order", "must be an object");
      return;
    }
    const order = value as JsonObject;
    const customer = printable(order.get("customer"), MAX_CUSTOMER);
    if (customer != null && customer.length > 0) this.customer = customer;
    else this.refuse("customer", "must be 1 to 64 printable characters");
    this.readCoupon(order.get("coupon"));
    const items = order.get("items");
    const n = items instanceof JsonArray ? (items as JsonArray).items.length : 0;
    if (n < 1 || n > MAX_ITEMS) {
      this.refuse("items", "must be an array of 1 to 100 items");
      return;
    }
    for (let i = 0; i < n; i++) this.readItem("items[" + i.toString() + "]", (items as JsonArray).items[i]);
  }

  private readCoupon(value: Value | null): void {
    if (value == null) return;
    if (value instanceof JsonText) this.coupon = (value as JsonText).value;
    if (this.coupon != "WELCOME10" && this.coupon != "FIVER") {
      this.refuse("coupon", "must be a known coupon, or absent");
    }
  }

  private readItem(field: string, value: Value | null): void {
    if (!(value instanceof JsonObject)) {
      this.refuse(field, "must be an object");
      return;
    }
    const item = value as JsonObject;
    const sku = item.get("sku");
    const product = sku instanceof JsonText ? findProduct((sku as JsonText).value) : null;
    if (product == null) this.refuse(field + ".sku", "must be a known sku");
    const number = item.get("quantity");
    const quantity = number instanceof JsonNumber ? (number as JsonNumber).value : 0;
    if (quantity < 1 || quantity > MAX_QUANTITY) {
      this.refuse(field + ".quantity", "must be an integer from 1 to 1000");
    }
    const written = item.get("note");
    const note = printable(written, MAX_NOTE);
    if (written != null && note == null) {
      this.refuse(field + ".note", "must be up to 80 printable characters, or absent");
    }
    if (product != null && !this.isInvalid) this.lines.push(new Line(this.lines.length, product, quantity, note));
  }

  /** Writes what is wrong. */
  complain(to: Writer): void {
    to.byte(0x7b);
    writeTextField(to, "error", "invalid order");
    writeName(to, "fields");
    to.byte(0x5b);
    for (let i = 0; i < this.wrong.length; i += 2) {
      if (i > 0) to.byte(0x2c);
      to.byte(0x7b);
      writeTextField(to, "field", this.wrong[i]);
      writeTextField(to, "reason", this.wrong[i + 1]);
      to.byte(0x7d);
    }
    to.word("]}");
  }

  /** Writes the bill. */
  price(to: Writer, id: string): void {
    let units: i64 = 0;
    let subtotal: i64 = 0;
    let tax: i64 = 0;
    to.byte(0x7b);
    writeTextField(to, "id", id);
    writeTextField(to, "customer", this.customer);
    writeName(to, "lines");
    to.byte(0x5b);
    this.lines.sort(compareLines);
    for (let i = 0; i < this.lines.length; i++) {
      const line = this.lines[i];
      units += line.quantity;
      subtotal += line.total;
      tax += line.tax;
      if (i > 0) to.byte(0x2c);
      line.write(to);
    }
    to.byte(0x5d);
    const discount = this.discount(subtotal);
    const shipping: i64 = subtotal - discount < 5000 ? 490 : 0;
    writeNumberField(to, "units", units);
    writeNumberField(to, "subtotal_cents", subtotal);
    writeNumberField(to, "discount_cents", discount);
    writeNumberField(to, "tax_cents", tax);
    writeNumberField(to, "shipping_cents", shipping);
    writeNumberField(to, "total_cents", subtotal - discount + tax + shipping);
    to.byte(0x7d);
  }

  private discount(subtotal: i64): i64 {
    if (this.coupon == "WELCOME10") return (subtotal * 10) / 100;
    return this.coupon == "FIVER" && subtotal >= 2500 ? 500 : 0;
  }
}

/** The text of at most n characters from space to '~', null if it is none. */
function printable(value: Value | null, n: i32): string | null {
  if (!(value instanceof JsonText)) return null;
  const text = (value as JsonText).value;
  if (text.length > n) return null;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 0x20 || c > 0x7e) return null;
  }
  return text;
}

/** What an order is called: FNV-1a of its text. */
export function orderId(body: Text): string {
  let hash: u32 = 2166136261;
  for (let i = 0; i < body.n; i++) hash = (hash ^ body.byte(i)) * 16777619;
  return "o-" + hash.toString(16).padStart(8, "0");
}
