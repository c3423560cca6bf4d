"""A strict reader of the head of an HTTP/1.1 request.

guest/c/http.h is the same in C and states the rules.
"""

import re

_MAX_FIELDS = 100

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_TARGET = re.compile(r'/[!"$-~]*')
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


class Refusal(Exception):
    """A request that is refused; its text is the reason."""


class Head:
    """A request taken apart. Names of fields are in small letters."""

    def __init__(self, request):
        """Read a request, a string with a character for each byte."""
        head, end, self.body = request.partition("\r\n\r\n")
        if not end:
            raise Refusal("no end of head")
        first, *lines = head.split("\r\n")
        self._request_line(first)
        self.fields = []
        for line in lines:
            if len(self.fields) == _MAX_FIELDS:
                raise Refusal("too many fields")
            self.fields.append(_field(line))

    def _request_line(self, line):
        self.method, _, rest = line.partition(" ")
        self.target, _, version = rest.partition(" ")
        good = _TOKEN.fullmatch(self.method) and _TARGET.fullmatch(self.target)
        if not good or version != "HTTP/1.1":
            raise Refusal("bad request line")

    def values(self, name):
        """All values of the fields of a name."""
        return [v for n, v in self.fields if n == name]


def _field(line):
    name, colon, value = line.partition(":")
    value = value.strip(" \t")
    if not colon or not _TOKEN.fullmatch(name) or _CONTROL.search(value):
        raise Refusal("bad field")
    return name.lower(), value
