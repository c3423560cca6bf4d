#!/usr/bin/env bash
# setup-debian.sh installs on Debian (12 and later) all that the full matrix of
# edgebench wants, and starts a Docker engine where nobody else does:
#
#   C and C++        gcc, g++, libc6-dev, musl-tools
#   containers       docker.io, containerd, runc, crun, runsc, podman, iptables, iproute2
#   WebAssembly      clang and lld with wasi-libc and libc++, Rust, wabt, npm
#   WasmEdge         libwasmedge 0.14; where the release has none, Debian 13's with all
#                    that it needs, unpacked into a folder of its own
#   workloads        Rust's crates regex and pulldown-cmark; debootstrap, which
#                    makes the base of images
#   workerd          npm's package, in the folder /opt/edgebench/workerd
#   portability      qemu-user and a cross compiler for arm64; binaryen, which makes
#                    modules of seeds
#   pages            chromium, in which the report is tested, and axe-core of npm, which
#                    looks for barriers
#
# Go is presumed, and named where it is missing or too old. The script may be
# run again: what is installed already costs nothing. It installs as root, or
# through sudo. The log of the package manager is shown when it fails.
set -euo pipefail

cd "$(dirname "$0")/.."
export DEBIAN_FRONTEND=noninteractive
readonly PACKAGES=(
	ca-certificates gcc g++ libc6-dev musl-tools
	docker.io containerd runc crun runsc podman iptables iproute2
	wasi-libc wabt
	rustc cargo libstd-rust-dev-wasm32 librust-regex-dev librust-pulldown-cmark-dev
	debootstrap
	qemu-user gcc-aarch64-linux-gnu libc6-dev-arm64-cross binaryen
	chromium
)
# For AssemblyScript, wizer, workerd and components; whoever has an npm of their own keeps it.
readonly NPM=(nodejs npm)
# clang 14 made the committed modules; newer releases offer newer ones alone.
readonly CLANGS=(14 22 21 20 19 18 17 16 15)
# The tests of the pages look for it among npm's global packages.
readonly AXE=axe-core@4.14.1
# Where libwasmedge of another release lies (runners/table.go), and that release.
readonly WASMEDGE=/usr/local/lib/edgebench/wasmedge
readonly WASMEDGE_RELEASE=trixie
# Where package runners/workerd looks for workerd.
readonly WORKERD=/opt/edgebench/workerd
# The first Go that fetches the version which go.mod names by itself.
readonly OLDEST_GO=1.21

step() { echo "setup-debian.sh: $*"; }

fail() {
	echo "setup-debian.sh: $*" >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	else
		sudo DEBIAN_FRONTEND="$DEBIAN_FRONTEND" "$@"
	fi
}

check_system() {
	command -v apt-get >/dev/null || fail "there is no apt-get: this is for Debian and its kin"
	[ "$(id -u)" = 0 ] || command -v sudo >/dev/null || fail "run it as root: there is no sudo"
}

# check_go only says what is wrong: everything else is worth having meanwhile.
check_go() {
	local version
	if ! version=$(PATH=$PATH:/usr/local/go/bin go env GOVERSION 2>/dev/null); then
		step "Go is missing: get it from https://go.dev/dl"
	elif ! printf '%s\n' "go$OLDEST_GO" "$version" | sort --check --version-sort 2>/dev/null; then
		step "Go is too old ($version): get $OLDEST_GO or later from https://go.dev/dl"
	fi
}

installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# available asks the slow package lists only about what is not installed.
available() { installed "$1" || apt-cache show --no-all-versions "$1" >/dev/null 2>&1; }

# apt runs the package manager quietly and shows its log when it fails.
apt() {
	local log
	log=$(mktemp)
	if ! as_root apt-get -q -y "$@" >"$log" 2>&1; then
		tail -n 20 "$log" >&2
		rm -f "$log"
		fail "apt-get $1 failed"
	fi
	rm -f "$log"
}

# clang prints the packages of the first clang that has all it takes for
# WebAssembly.
clang() {
	local version
	for version in "${CLANGS[@]}"; do
		if available "clang-$version" && available "lld-$version" && available "libclang-rt-$version-dev-wasm32"; then
			printf '%s\n' "clang-$version" "lld-$version" "libclang-rt-$version-dev-wasm32" \
				"libc++-$version-dev-wasm32" "libc++abi-$version-dev-wasm32"
			return
		fi
	done
}

# libcxx prints the library for executables of C++, unless that of another
# release is installed, which it would push out.
libcxx() {
	dpkg-query --show --showformat='${db:Status-Status}\n' 'libc++-[0-9]*-dev' 2>/dev/null | grep -qx installed || echo libc++-14-dev
}

# npm_packages prints what brings npm where there is none.
npm_packages() { command -v npm >/dev/null || printf '%s\n' "${NPM[@]}"; }

# missing prints what is wanted and available, but not installed.
missing() {
	local package
	# docker-cli is a package of its own since Debian 13.
	for package in "${PACKAGES[@]}" docker-cli libwasmedge-dev $(clang) $(libcxx) $(npm_packages); do
		if ! installed "$package" && available "$package"; then
			echo "$package"
		fi
	done
}

install() {
	local packages package
	if ! available docker.io || [ -n "$(missing)" ]; then
		step "reading the lists of packages"
		apt update
	fi
	mapfile -t packages < <(missing)
	if [ "${#packages[@]}" -gt 0 ]; then
		step "installing ${packages[*]}"
		apt install --no-install-recommends "${packages[@]}"
	fi
	for package in "${PACKAGES[@]}"; do
		installed "$package" || step "this release does not offer $package: what needs it is left out"
	done
	[ -n "$(clang)" ] || step "this release offers no clang for WebAssembly: committed modules are used as they are"
}

# install_axe installs what looks for barriers in pages, from the npm registry.
install_axe() {
	command -v npm >/dev/null || return 0
	[ "$(npm ls --global --parseable --long "$AXE" 2>/dev/null)" = "" ] || return 0
	step "installing $AXE"
	as_root npm install --global --ignore-scripts --no-audit --no-fund --loglevel=error "$AXE" >/dev/null ||
		step "$AXE can't be had: the tests that need it are skipped"
}

# has_wasmedge says whether there is a libwasmedge for the runner.
has_wasmedge() {
	grep -qs '^#define WASMEDGE_VERSION "0[.]14[.]' /usr/include/wasmedge/version.h /usr/local/include/wasmedge/version.h \
		"$WASMEDGE/usr/include/wasmedge/version.h"
}

# mirror prints where this system's own packages come from.
mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1; }

# foreign_apt prints the settings of a package manager that knows nothing of this
# system, with all of its state below a folder.
foreign_apt() {
	printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
		"$(mirror)" "$WASMEDGE_RELEASE" >"$1/sources.list"
	mkdir -p "$1/state" "$1/lists/partial" "$1/cache/archives/partial"
	touch "$1/status"
	cat <<-END
		Dir::Etc::SourceList "$1/sources.list";
		Dir::Etc::SourceParts "/dev/null";
		Dir::State "$1/state";
		Dir::State::Lists "$1/lists";
		Dir::State::Status "$1/status";
		Dir::Cache "$1/cache";
		APT::Sandbox::User "root";
		Acquire::Languages "none";
	END
}

# unpack_wasmedge takes libwasmedge and all that it needs, the C library with its
# dynamic linker among it, from another release. Nothing of it is installed: the
# runner's agent is linked to run with it, and the system stays as it is.
unpack_wasmedge() {
	local work package
	if has_wasmedge; then return; fi
	step "unpacking libwasmedge of $WASMEDGE_RELEASE into $WASMEDGE"
	work=$(mktemp -d "${TMPDIR:-/tmp}/edgebench-wasmedge-XXXXXX")
	foreign_apt "$work" >"$work/apt.conf"
	apt update --config-file="$work/apt.conf"
	apt install --config-file="$work/apt.conf" --download-only --no-install-recommends libwasmedge-dev
	as_root rm -rf "$WASMEDGE"
	as_root mkdir -p "$WASMEDGE"
	for package in "$work"/cache/archives/*.deb; do
		as_root dpkg-deb --extract "$package" "$WASMEDGE"
	done
	as_root rm -rf "$work" "$WASMEDGE/usr/share" "$WASMEDGE/etc"
	has_wasmedge || fail "$WASMEDGE_RELEASE has another libwasmedge than 0.14"
}

# install_workerd installs the version that the lock file pins, unless it is there.
install_workerd() {
	local lock=runners/workerd/package-lock.json
	if cmp --silent "$lock" "$WORKERD/package-lock.json" || ! command -v npm >/dev/null; then
		return
	fi
	step "installing workerd in $WORKERD"
	as_root mkdir -p "$WORKERD"
	as_root cp runners/workerd/package.json "$WORKERD"
	as_root cp "$lock" "$WORKERD/package-lock.json"
	if ! as_root npm ci --prefix "$WORKERD" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null; then
		as_root rm -rf "$WORKERD"
		step "npm has no workerd for this machine: it is left out"
	fi
}

main() {
	[ $# = 0 ] || fail "it takes no arguments"
	check_system
	install
	install_axe
	unpack_wasmedge
	install_workerd
	as_root scripts/dockerd.sh start
	if [ "$(id -u)" != 0 ] && ! docker version >/dev/null 2>&1; then
		step "to use Docker as $(id -un): sudo usermod -aG docker $(id -un), then log in again"
	fi
	check_go
	step "done"
}

main "$@"
