//! Orders: what is wrong with one, and what one costs.

use std::cmp::Reverse;

use crate::catalogue::{self, Product};
use crate::json::Value;
use crate::writer::Writer;

const MAX_ITEMS: usize = 100;
const MAX_QUANTITY: i64 = 1000;
const MAX_CUSTOMER: usize = 64;
const MAX_NOTE: usize = 80;

/// An order that can be priced.
pub struct Order {
    customer: String,
    coupon: Option<Coupon>,
    items: Vec<Item>,
}

#[derive(Clone, Copy)]
enum Coupon {
    Welcome10,
    Fiver,
}

struct Item {
    product: &'static Product,
    quantity: u64,
    note: Option<String>,
}

/// A field and the reason why it is refused.
pub type Invalid = (String, &'static str);

/// Gives the order, or all that is wrong with it.
pub fn read(value: &Value) -> Result<Order, Vec<Invalid>> {
    if !matches!(value, Value::Object(_)) {
        return Err(vec![("order".into(), "must be an object")]);
    }
    let mut wrong = Vec::new();
    let customer = value.get("customer").text().filter(|c| (1..=MAX_CUSTOMER).contains(&c.len()));
    if customer.is_none() {
        wrong.push(("customer".into(), "must be 1 to 64 printable characters"));
    }
    let coupon = read_coupon(value.get("coupon"));
    if coupon.is_none() {
        wrong.push(("coupon".into(), "must be a known coupon, or absent"));
    }
    let items = read_items(value.get("items"), &mut wrong);
    match (customer, coupon) {
        (Some(customer), Some(coupon)) if wrong.is_empty() => Ok(Order { customer: customer.into(), coupon, items }),
        _ => Err(wrong),
    }
}

fn read_coupon(value: &Value) -> Option<Option<Coupon>> {
    if value.is_null() {
        return Some(None);
    }
    match value.text()? {
        "WELCOME10" => Some(Some(Coupon::Welcome10)),
        "FIVER" => Some(Some(Coupon::Fiver)),
        _ => None,
    }
}

fn read_items(value: &Value, wrong: &mut Vec<Invalid>) -> Vec<Item> {
    match value {
        Value::Array(items) if (1..=MAX_ITEMS).contains(&items.len()) => {
            let read = |(i, item)| read_item(&format!("items[{}]", i), item, wrong);
            items.iter().enumerate().filter_map(read).collect()
        }
        _ => {
            wrong.push(("items".into(), "must be an array of 1 to 100 items"));
            Vec::new()
        }
    }
}

fn read_item(field: &str, value: &Value, wrong: &mut Vec<Invalid>) -> Option<Item> {
    if !matches!(value, Value::Object(_)) {
        wrong.push((field.into(), "must be an object"));
        return None;
    }
    let product = value.get("sku").text().and_then(catalogue::find);
    if product.is_none() {
        wrong.push((format!("{}.sku", field), "must be a known sku"));
    }
    let quantity = match value.get("quantity") {
        Value::Number(n) if (1..=MAX_QUANTITY).contains(n) => Some(*n as u64),
        _ => None,
    };
    if quantity.is_none() {
        wrong.push((format!("{}.quantity", field), "must be an integer from 1 to 1000"));
    }
    let note = value.get("note");
    let text = note.text().filter(|text| text.len() <= MAX_NOTE);
    if text.is_none() && !note.is_null() {
        wrong.push((format!("{}.note", field), "must be up to 80 printable characters, or absent"));
    }
    Some(Item { product: product?, quantity: quantity?, note: text.map(str::to_owned) })
}

pub fn complain(wrong: &[Invalid]) -> Writer {
    let mut body = Writer::default();
    body.object(|o| {
        o.text("error", "invalid order");
        o.key("fields");
        o.array(|a| {
            for (field, reason) in wrong {
                a.next();
                a.object(|o| {
                    o.text("field", field);
                    o.text("reason", reason);
                });
            }
        });
    });
    body
}

/// An item with its prices, in cents. They need 64 bits: 100 items of 1000
/// pieces at most pass 32.
struct Line {
    item: Item,
    discount: u64,
    total: u64,
}

impl Line {
    fn new(item: Item) -> Line {
        let full = item.product.cents * item.quantity;
        let percent = match item.quantity {
            100.. => 15,
            10.. => 5,
            _ => 0,
        };
        let discount = full * percent / 100;
        Line { item, discount, total: full - discount }
    }

    fn tax(&self) -> u64 {
        let rate = if self.item.product.category == "paper" { 7 } else { 19 };
        (self.total * rate + 50) / 100
    }

    fn write(&self, body: &mut Writer) {
        let product = self.item.product;
        body.object(|o| {
            o.text("sku", product.sku);
            o.text("name", product.name);
            o.number("quantity", self.item.quantity);
            o.number("unit_cents", product.cents);
            o.number("discount_cents", self.discount);
            o.number("total_cents", self.total);
            if let Some(note) = &self.item.note {
                o.text("note", note);
            }
        });
    }
}

fn discount(coupon: Option<Coupon>, subtotal: u64) -> u64 {
    match coupon {
        Some(Coupon::Welcome10) => subtotal * 10 / 100,
        Some(Coupon::Fiver) if subtotal >= 2500 => 500,
        _ => 0,
    }
}

impl Order {
    pub fn bill(self, id: &str) -> Writer {
        let mut lines: Vec<_> = self.items.into_iter().map(Line::new).collect();
        lines.sort_by_key(|l| (Reverse(l.total), l.item.product.sku));
        let subtotal = lines.iter().map(|l| l.total).sum();
        let discount = discount(self.coupon, subtotal);
        let tax = lines.iter().map(Line::tax).sum();
        let shipping = if subtotal - discount >= 5000 { 0 } else { 490 };
        let mut body = Writer::default();
        body.object(|o| {
            o.text("id", id);
            o.text("customer", &self.customer);
            o.key("lines");
            o.array(|a| {
                for line in &lines {
                    a.next();
                    line.write(a);
                }
            });
            o.number("units", lines.iter().map(|l| l.item.quantity).sum());
            o.number("subtotal_cents", subtotal);
            o.number("discount_cents", discount);
            o.number("tax_cents", tax);
            o.number("shipping_cents", shipping);
            o.number("total_cents", subtotal - discount + tax + shipping);
        });
        body
    }
}
