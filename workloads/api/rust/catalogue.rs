//! The products, and the routes that show them.

use crate::status;
use crate::writer::Writer;
use crate::Reply;

pub struct Product {
    pub sku: &'static str,
    pub name: &'static str,
    pub category: &'static str,
    pub cents: u64,
}

const fn product(sku: &'static str, name: &'static str, category: &'static str, cents: u64) -> Product {
    Product { sku, name, category, cents }
}

/// Sorted by SKU.
static CATALOGUE: [Product; 20] = [
    product("A-100", "Headphones, closed", "audio", 4999),
    product("A-210", "Microphone \"Studio\"", "audio", 12900),
    product("A-330", "Cable 6.3 mm, 3 m", "audio", 1250),
    product("D-010", "Desk 160x80, oak", "desk", 34900),
    product("D-020", "Desk 160x80, white", "desk", 34900),
    product("D-115", "Monitor arm 27\"", "desk", 8990),
    product("D-400", "Cable tray", "desk", 1999),
    product("L-001", "Desk lamp, LED", "light", 5990),
    product("L-002", "Bulb E27, 8 W", "light", 899),
    product("L-050", "Floor lamp <warm>", "light", 14950),
    product("P-001", "Notebook A5, dotted", "paper", 349),
    product("P-002", "Notebook A4, ruled", "paper", 549),
    product("P-010", "Copy paper, 500 sheets", "paper", 799),
    product("P-099", "Sticky notes & flags", "paper", 99),
    product("S-007", "Office chair", "seat", 45900),
    product("S-008", "Stool, 65 cm", "seat", 12900),
    product("T-001", "Screwdriver set", "tool", 2490),
    product("T-002", "Tape measure 5 m", "tool", 899),
    product("T-044", "Drill 18 V", "tool", 18990),
    product("T-045", "Battery 18 V\\4 Ah", "tool", 6490),
];

const CATEGORIES: [&str; 6] = ["desk", "light", "paper", "seat", "tool", "audio"];

impl Product {
    fn write(&self, body: &mut Writer) {
        body.object(|o| {
            o.text("sku", self.sku);
            o.text("name", self.name);
            o.text("category", self.category);
            o.number("price_cents", self.cents);
        });
    }
}

pub fn find(sku: &str) -> Option<&'static Product> {
    CATALOGUE.binary_search_by(|p| p.sku.cmp(sku)).ok().map(|i| &CATALOGUE[i])
}

pub fn one(sku: &str) -> Reply {
    match find(sku) {
        None => Reply::refuse(status::NOT_FOUND, "no such product"),
        Some(product) => {
            let mut body = Writer::default();
            product.write(&mut body);
            Reply::new(status::OK, body)
        }
    }
}

pub fn list(query: &str) -> Reply {
    let filter = match Filter::read(query) {
        Ok(filter) => filter,
        Err(reason) => return Reply::refuse(status::BAD_REQUEST, &reason),
    };
    let mut matches: Vec<_> = CATALOGUE.iter().filter(|p| filter.takes(p)).collect();
    match filter.sort {
        Some("name") => matches.sort_by_key(|p| p.name),
        Some("price") => matches.sort_by_key(|p| p.cents),
        Some("-price") => matches.sort_by_key(|p| std::cmp::Reverse(p.cents)),
        _ => {} // by SKU, as they are; all sorting is stable
    }
    let mut body = Writer::default();
    body.object(|o| {
        o.number("total", matches.len() as u64);
        o.key("products");
        o.array(|a| {
            for product in matches.into_iter().take(filter.limit.unwrap_or(MAX_LIMIT)) {
                a.next();
                product.write(a);
            }
        });
    });
    Reply::new(status::OK, body)
}

const MAX_LIMIT: usize = 100;

/// A query of the catalogue; None for what it does not say.
#[derive(Default)]
struct Filter<'a> {
    category: Option<&'a str>,
    max_cents: Option<u64>,
    sort: Option<&'a str>,
    limit: Option<usize>,
}

impl<'a> Filter<'a> {
    fn read(query: &'a str) -> Result<Filter<'a>, String> {
        let mut filter = Filter::default();
        for part in query.split('&').filter(|part| !part.is_empty()) {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            filter.set(name, value)?;
        }
        Ok(filter)
    }

    fn set(&mut self, name: &str, value: &'a str) -> Result<(), String> {
        let one_of = |list: &[&str]| list.contains(&value).then_some(value);
        match name {
            "category" => put(&mut self.category, one_of(&CATEGORIES), name),
            "max_price" => put(&mut self.max_cents, number(value, 9), name),
            "sort" => put(&mut self.sort, one_of(&["sku", "name", "price", "-price"]), name),
            "limit" => {
                let limit = number(value, 3).map(|n| n as usize);
                put(&mut self.limit, limit.filter(|n| (1..=MAX_LIMIT).contains(n)), name)
            }
            _ => Err("unknown parameter".into()),
        }
    }

    fn takes(&self, product: &Product) -> bool {
        self.category.map_or(true, |c| c == product.category) && self.max_cents.map_or(true, |max| product.cents <= max)
    }
}

fn put<T>(place: &mut Option<T>, value: Option<T>, name: &str) -> Result<(), String> {
    if place.is_some() {
        return Err("repeated parameter".into());
    }
    *place = value;
    place.as_ref().map(drop).ok_or_else(|| format!("bad parameter: {}", name))
}

/// Reads 1 to n decimal digits.
fn number(text: &str, n: usize) -> Option<u64> {
    if text.len() > n || !text.bytes().all(|c| c.is_ascii_digit()) {
        return None;
    }
    text.parse().ok()
}
