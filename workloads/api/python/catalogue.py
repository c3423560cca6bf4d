"""The products and the queries for them."""

import re

from httphead import Refusal

_CATALOGUE = [
    {"sku": sku, "name": name, "category": category, "price_cents": price}
    for sku, name, category, price in [
        ("A-100", "Headphones, closed", "audio", 4999),
        ("A-210", 'Microphone "Studio"', "audio", 12900),
        ("A-330", "Cable 6.3 mm, 3 m", "audio", 1250),
        ("D-010", "Desk 160x80, oak", "desk", 34900),
        ("D-020", "Desk 160x80, white", "desk", 34900),
        ("D-115", 'Monitor arm 27"', "desk", 8990),
        ("D-400", "Cable tray", "desk", 1999),
        ("L-001", "Desk lamp, LED", "light", 5990),
        ("L-002", "Bulb E27, 8 W", "light", 899),
        ("L-050", "Floor lamp <warm>", "light", 14950),
        ("P-001", "Notebook A5, dotted", "paper", 349),
        ("P-002", "Notebook A4, ruled", "paper", 549),
        ("P-010", "Copy paper, 500 sheets", "paper", 799),
        ("P-099", "Sticky notes & flags", "paper", 99),
        ("S-007", "Office chair", "seat", 45900),
        ("S-008", "Stool, 65 cm", "seat", 12900),
        ("T-001", "Screwdriver set", "tool", 2490),
        ("T-002", "Tape measure 5 m", "tool", 899),
        ("T-044", "Drill 18 V", "tool", 18990),
        ("T-045", "Battery 18 V\\4 Ah", "tool", 6490),
    ]
]

_BY_SKU = {p["sku"]: p for p in _CATALOGUE}

_CATEGORIES = {"desk", "light", "paper", "seat", "tool", "audio"}

# Ways to sort products that are sorted by SKU already; sorting is stable.
_ORDERS = {
    "sku": lambda p: 0,
    "name": lambda p: p["name"],
    "price": lambda p: p["price_cents"],
    "-price": lambda p: -p["price_cents"],
}


def product(sku):
    """A product, or None."""
    return _BY_SKU.get(sku)


def _number(text, digits):
    return int(text) if re.fullmatch(f"[0-9]{{1,{digits}}}", text) else None


def _limit(text):
    limit = _number(text, 3)
    return limit if limit and limit <= 100 else None


# The value of a query's part, None for one that is not allowed.
_PARAMETERS = {
    "category": lambda text: text if text in _CATEGORIES else None,
    "max_price": lambda text: _number(text, 9),
    "sort": _ORDERS.get,
    "limit": _limit,
}


def _read_filter(query):
    found = {}
    for part in filter(None, query.split("&")):
        name, _, text = part.partition("=")
        if name not in _PARAMETERS:
            raise Refusal("unknown parameter")
        if name in found:
            raise Refusal("repeated parameter")
        found[name] = _PARAMETERS[name](text)
        if found[name] is None:
            raise Refusal(f"bad parameter: {name}")
    return found


def list_products(query):
    """What a query of the catalogue gives."""
    wanted = _read_filter(query)
    matches = [
        p
        for p in _CATALOGUE
        if p["category"] == wanted.get("category", p["category"])
        and p["price_cents"] <= wanted.get("max_price", p["price_cents"])
    ]
    matches.sort(key=wanted.get("sort", _ORDERS["sku"]))
    return {"total": len(matches), "products": matches[: wanted.get("limit", 100)]}
