"""The JSON microservice in Python. The manifest states the rules."""

import guest  # first: it notes when the program began

import json
import re

from catalogue import list_products, product
from httphead import Head, Refusal
from orders import post_order

_TEXTS = {
    200: "OK",
    201: "Created",
    400: "Bad Request",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    422: "Unprocessable Content",
}

_TARGET = re.compile(r"[A-Za-z0-9._~/?=&-]*")
_LENGTH = re.compile(r"[0-9]{1,15}")


def answer(request):
    """Status, fields of its own, and what becomes the JSON of the body."""
    head = Head(request)
    if not _TARGET.fullmatch(head.target):
        raise Refusal("bad target")
    if len(head.values("host")) != 1:
        raise Refusal("bad host")
    check_length(head)
    return route(head)


def check_length(head):
    lengths = head.values("content-length") or ["0"]
    good = len(lengths) == 1 and _LENGTH.fullmatch(lengths[0])
    if head.values("transfer-encoding") or not good or int(lengths[0]) != len(head.body):
        raise Refusal("bad length")


def route(head):
    path, _, query = head.target.partition("?")
    if path == "/health":
        return only("GET", head, lambda: (200, "", {"status": "ok"}))
    if path == "/products":
        return only("GET", head, lambda: (200, "", list_products(query)))
    if path.startswith("/products/"):
        return only("GET", head, lambda: one_product(path[len("/products/") :]))
    if path == "/orders":
        return only("POST", head, lambda: post_order(head.body))
    return 404, "", {"error": "not found"}


def only(method, head, serve):
    """Serve a route that has one method."""
    if head.method == method:
        return serve()
    return 405, f"allow: {method}\r\n", {"error": "method not allowed"}


def one_product(sku):
    found = product(sku)
    return (200, "", found) if found else (404, "", {"error": "no such product"})


def handle(request):
    try:
        status, fields, body = answer(request.decode("latin-1"))
    except Refusal as refusal:
        status, fields, body = 400, "", {"error": str(refusal)}
    text = json.dumps(body, separators=(",", ":")) + "\n"
    return (
        f"HTTP/1.1 {status} {_TEXTS[status]}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(text)}\r\n{fields}\r\n{text}"
    ).encode("latin-1")


guest.main(handle)
