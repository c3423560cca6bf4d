"""What a workload in Python is written against.

    import guest
    guest.main(handle)  # handle(request: bytes) returns bytes

The program serves the frames of package edgebench/runners/frame: on stdin and
stdout, or with one argument on the unix socket of that path. A request that is
never empty goes to handle, a ping is answered here. The program ends with exit
code 0 when its input ends between two frames, and with 1 and a line on stderr
on whatever else goes wrong.
"""

import sys
import time

# CLOCK_MONOTONIC in nanoseconds when the program's own code began to run, if it
# imports this module first.
_ENTRY = time.monotonic_ns()

_HEADER = 4

# Longest request and longest response, in bytes; abi.MaxMessage.
_MAX_MESSAGE = 64 << 20


class _Bad(Exception):
    """What ends the program with exit code 1."""


def main(handle):
    """Serve until the input ends."""
    if len(sys.argv) > 2:
        sys.exit(f"usage: {sys.argv[0]} [SOCKET]")
    try:
        if len(sys.argv) == 1:
            _serve(sys.stdin.buffer, sys.stdout.buffer, handle)
        else:
            stream = _connect(sys.argv[1])
            _serve(stream, stream, handle)
    except (_Bad, OSError) as error:
        sys.stderr.write(f"guest: {error}\n")
        sys.exit(1)


def _connect(path):
    import socket  # not needed, and slow to load, on stdin and stdout

    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    return connection.makefile("rwb", buffering=64 << 10)


def _serve(stream, out, handle):
    while header := stream.read(_HEADER):
        n = int.from_bytes(header, "little")
        if len(header) == _HEADER and n > _MAX_MESSAGE:
            raise _Bad(f"request of {n} bytes, at most {_MAX_MESSAGE} are taken")
        request = stream.read(n) if n > 0 else b""
        if len(header) < _HEADER or len(request) < n:
            raise _Bad("the input ends within a frame")
        response = handle(request) if n > 0 else _ENTRY.to_bytes(8, "little")
        _answer(out, response)


def _answer(out, response):
    n = len(response)
    out.write(n.to_bytes(_HEADER, "little"))
    if n > _MAX_MESSAGE:
        # The length tells the runner; after it nothing can follow.
        out.flush()
        raise _Bad(f"response of {n} bytes, at most {_MAX_MESSAGE} are sent")
    out.write(response)
    out.flush()
