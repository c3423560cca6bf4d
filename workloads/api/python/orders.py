"""Orders are read, validated and priced. Prices are integers in cents."""

import json
import re

from catalogue import product
from httphead import Refusal

_MAX_BODY = 16384
_MAX_DEPTH = 16

_GOOD_BYTES = re.compile(r"[ -~\t\n\r]*")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*|[\[\]{}]')
_NUMBER = re.compile(r"-?[0-9]{1,15}")


def _refuse_constant(_):
    raise ValueError("NaN and Infinity are no JSON")


def _decode(text):
    """Read JSON as rule 7 has it, which is stricter than json.loads."""
    if not _GOOD_BYTES.fullmatch(text):
        raise Refusal("malformed json")
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Refusal("malformed json") from None
    depth = 0
    for token in _TOKEN.findall(text):
        if token[0] in "[{":
            depth += 1
        elif token[0] in "]}":
            depth -= 1
        elif token[0] != '"' and not _NUMBER.fullmatch(token):
            raise Refusal("malformed json")
        if depth > _MAX_DEPTH:
            raise Refusal("malformed json")
    return value


def _is_printable(value, least, most):
    return isinstance(value, str) and least <= len(value) <= most and re.fullmatch("[ -~]*", value)


def _wrong(order):
    """All that is wrong with an order, as pairs of field and reason."""
    if not isinstance(order, dict):
        yield "order", "must be an object"
        return
    if not _is_printable(order.get("customer"), 1, 64):
        yield "customer", "must be 1 to 64 printable characters"
    if order.get("coupon") not in (None, "WELCOME10", "FIVER"):
        yield "coupon", "must be a known coupon, or absent"
    items = order.get("items")
    if not isinstance(items, list) or not 1 <= len(items) <= 100:
        yield "items", "must be an array of 1 to 100 items"
        return
    for i, item in enumerate(items):
        yield from _wrong_item(f"items[{i}]", item)


def _wrong_item(field, item):
    if not isinstance(item, dict):
        yield field, "must be an object"
        return
    sku, quantity, note = item.get("sku"), item.get("quantity"), item.get("note")
    if not isinstance(sku, str) or not product(sku):
        yield f"{field}.sku", "must be a known sku"
    if type(quantity) is not int or not 1 <= quantity <= 1000:  # a bool is an int too
        yield f"{field}.quantity", "must be an integer from 1 to 1000"
    if note is not None and not _is_printable(note, 0, 80):
        yield f"{field}.note", "must be up to 80 printable characters, or absent"


def _price_item(item):
    """The line of an item, and its tax."""
    found, quantity = product(item["sku"]), item["quantity"]
    full = found["price_cents"] * quantity
    discount = full * (15 if quantity >= 100 else 5 if quantity >= 10 else 0) // 100
    line = {
        "sku": found["sku"],
        "name": found["name"],
        "quantity": quantity,
        "unit_cents": found["price_cents"],
        "discount_cents": discount,
        "total_cents": full - discount,
    }
    if item.get("note") is not None:
        line["note"] = item["note"]
    rate = 7 if found["category"] == "paper" else 19
    return line, (line["total_cents"] * rate + 50) // 100


def _coupon_discount(coupon, subtotal):
    if coupon == "WELCOME10":
        return subtotal * 10 // 100
    return 500 if coupon == "FIVER" and subtotal >= 2500 else 0


def _price(order, order_id):
    priced = [_price_item(item) for item in order["items"]]
    lines = sorted((line for line, _ in priced), key=lambda l: (-l["total_cents"], l["sku"]))
    subtotal = sum(line["total_cents"] for line in lines)
    discount = _coupon_discount(order.get("coupon"), subtotal)
    tax = sum(tax for _, tax in priced)
    shipping = 0 if subtotal - discount >= 5000 else 490
    return {
        "id": order_id,
        "customer": order["customer"],
        "lines": lines,
        "units": sum(line["quantity"] for line in lines),
        "subtotal_cents": subtotal,
        "discount_cents": discount,
        "tax_cents": tax,
        "shipping_cents": shipping,
        "total_cents": subtotal - discount + tax + shipping,
    }


def _order_id(body):
    """FNV-1a of the body, 32 bits."""
    value = 0x811C9DC5
    for byte in body.encode("latin-1"):
        value = (value ^ byte) * 0x01000193 & 0xFFFFFFFF
    return f"o-{value:08x}"


def post_order(body):
    """Status, fields and body of the answer to an order."""
    if len(body) > _MAX_BODY:
        return 413, "", {"error": "too large"}
    order = _decode(body)
    wrong = [{"field": field, "reason": reason} for field, reason in _wrong(order)]
    if wrong:
        return 422, "", {"error": "invalid order", "fields": wrong}
    order_id = _order_id(body)
    return 201, f"location: /orders/{order_id}\r\n", _price(order, order_id)
