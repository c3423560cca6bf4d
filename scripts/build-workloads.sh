#!/bin/sh
# build-workloads.sh rebuilds the committed WebAssembly modules of the workloads
# written in C, and the pins in their manifests.
#
#   scripts/build-workloads.sh           rebuild, write module and manifest
#   scripts/build-workloads.sh --check   rebuild elsewhere, compare byte for byte
#
# One line per module. Exit code 1 if a module does not build or differs from
# what is committed, 2 for a wrong use or a missing tool.
#
# How modules are built, and why:
#   -ffp-contract=off   no fused multiply-add on any target, so that native and
#                       wasm builds agree bit for bit
#   link without -O     with it the driver silently runs whatever wasm-opt the
#                       machine happens to have
#   --stack-first       a stack overflow traps at address 0 instead of running
#                       into the data
#   stack of 32 KiB     half of the one page of 64 KiB that an instance cannot
#                       do without; the default of 1 MiB would cost 16 pages in
#                       each instance, for stacks of which these guests use a
#                       few KiB at most
#   --strip-all         no names and no producers section: nothing that depends
#                       on the machine
set -eu

flags="-O2 -ffp-contract=off -std=c11 -Wall -Wextra -Werror"
link="-mexec-model=reactor -Wl,--stack-first -Wl,-z,stack-size=32768 -Wl,--strip-all"
target="--target=wasm32-wasi"
# The version is pinned: another clang makes other bytes.
compiler=clang-14
linker=wasm-ld-14

check=no
case "$#:${1-}" in
0:) ;;
1:--check) check=yes ;;
*) echo "usage: $0 [--check]" >&2 && exit 2 ;;
esac

cd "$(dirname "$0")/../workloads"
for tool in $compiler $linker; do
	command -v $tool >/dev/null || {
		echo "$0: $tool is missing: apt-get install clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32" >&2
		exit 2
	}
done
toolchain="clang $($compiler -dumpversion), lld $($linker --version | sed 's/.*LLD //; s/ .*//')"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

# compile SOURCE... adds their objects to $objects.
compile() {
	for source; do
		object=$scratch/$(echo "$source" | tr / -).o
		# shellcheck disable=SC2086  # the flags are words
		$compiler $target $flags -Iguest/c -c "$source" -o "$object" || return 1
		objects="$objects $object"
	done
}

# build NAME makes $scratch/NAME.wasm.
build() {
	objects=$kit
	compile "$1"/c/*.c || return 1
	# shellcheck disable=SC2086
	$compiler $target $link $objects -o "$scratch/$1.wasm"
}

# pins NAME prints the section of the manifest that describes the module, whose
# hash and size are in $sum and $size.
pins() {
	printf '[modules.c]\nfile = "c/%s.wasm"\nsha256 = "%s"\nsize_bytes = %s\n' "$1" "$sum" "$size"
	printf 'toolchain = "%s"\nflags = "%s"\n' "$toolchain" "$flags $link"
}

# The section is the last of a manifest; what stands before it is by hand.
rest() { sed '/^\[modules\.c\]$/,$d' "$1/manifest.toml"; }

objects=
compile guest/c/*.c guest/c/wasm/*.c
kit=$objects

failed=0
for manifest in */manifest.toml; do
	name=${manifest%/*}
	[ -d "$name/c" ] || continue
	if ! build "$name"; then
		echo "$name: does not build" && failed=1 && continue
	fi
	sum=$(sha256sum "$scratch/$name.wasm" | cut -d' ' -f1)
	size=$(wc -c <"$scratch/$name.wasm")
	line="$name: $size bytes, $sum"
	{ rest "$name" && pins "$name"; } >"$scratch/$name.toml"
	if [ $check = no ]; then
		cat "$scratch/$name.wasm" >"$name/c/$name.wasm"
		cat "$scratch/$name.toml" >"$name/manifest.toml"
		echo "$line, written"
	elif ! cmp -s "$scratch/$name.wasm" "$name/c/$name.wasm"; then
		echo "$line, differs from the committed c/$name.wasm" && failed=1
	elif ! cmp -s "$scratch/$name.toml" "$name/manifest.toml"; then
		echo "$line, differs from the pins in manifest.toml" && failed=1
	else
		echo "$line, identical"
	fi
done
exit $failed
