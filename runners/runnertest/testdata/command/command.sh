#!/bin/sh
# Makes command.wasm with Debian's clang-14, lld-14 and wasi-libc.
set -eu
cd "$(dirname "$0")"
clang-14 --target=wasm32-wasi -O2 -std=gnu11 -Wall -Wextra -Werror -o "${1:-command.wasm}" command.c \
	-fuse-ld=lld -Wl,--stack-first -Wl,-z,stack-size=32768 -Wl,--strip-all
