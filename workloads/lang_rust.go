package workloads

import (
	"cmp"
	"context"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"edgebench/runners"
)

// Debian's Rust, by its place: another that a user has comes first in the path
// and makes other bytes. It takes crates from Debian's packages of them.
const (
	rustc      = "/usr/bin/rustc"
	cargo      = "/usr/bin/cargo"
	rustCrates = "/usr/share/cargo/registry"
)

const rustAdvice = "Debian: apt-get install rustc cargo libstd-rust-dev-wasm32 lld, or run scripts/setup-debian.sh"

// rustFlags are the same for modules and executables. Optimisation across
// crates cuts what a program does not use of the standard library by half.
var rustFlags = []string{"-Copt-level=2", "-Clto=fat", "-Ccodegen-units=1", "-Cpanic=abort", "-Cstrip=symbols"}

// Targets, and the flags of each: a module has its stack in front, where an
// overflow traps; an executable is static and stands at a fixed address, as
// those of the other languages do.
const (
	rustWasm        = "wasm32-unknown-unknown"
	rustWasmFlags   = "-Clink-arg=--stack-first -Clink-arg=-zstack-size="
	rustNativeFlags = "-Ctarget-feature=+crt-static -Crelocation-model=static"
	// rustStack is that of C's modules, for the same reasons.
	rustStack = cStack
)

// rustToolchain compiles for one kind of artefact.
type rustToolchain struct {
	version, target string
	// libraries are files whose bytes are a part of what is built.
	libraries []string
}

func findRust(ctx context.Context, kind runners.Kind) (t rustToolchain, err error) {
	if !exists(rustc) {
		return t, unavailable("there is no Rust at %s (%s)", rustc, rustAdvice)
	}
	said, err := output(ctx, "", rustc, "--version", "--verbose")
	if err != nil {
		return t, brokenTool(ctx, "the Rust compiler does not work here (%v): %s", err, rustAdvice)
	}
	about := make(map[string]string)
	for line := range strings.Lines(said) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		about[name] = value
	}
	t.version = "rustc " + about["release"] + ", LLVM " + about["LLVM version"]
	if kind == runners.Wasm {
		t.target = rustWasm
		t.version += ", libstd-rust-dev-wasm32" + debianVersion(ctx, "libstd-rust-dev-wasm32")
		linker, err := output(ctx, "", "rust-lld", "-flavor", "wasm", "--version")
		if err != nil {
			return t, brokenTool(ctx, "the linker of Rust's modules does not work here (%v): %s", err, rustAdvice)
		}
		t.version += ", " + linker
	} else {
		t.target = about["host"]
		libc, _ := output(ctx, "", "cc", "-print-file-name=libc.a")
		if !filepath.IsAbs(libc) {
			return t, unavailable("there is no static libc: install one (Debian: apt-get install gcc libc6-dev)")
		}
		t.version += ", glibc" + debianVersion(ctx, "libc6-dev")
		t.libraries = []string{libc}
	}
	standard := filepath.Join("/usr/lib/rustlib", t.target, "lib")
	found, err := filepath.Glob(filepath.Join(standard, "libstd-*.rlib"))
	if err != nil || len(found) == 0 {
		return t, unavailable("%s has no standard library of Rust (%s)", standard, rustAdvice)
	}
	t.libraries = append(t.libraries, found...)
	return t, nil
}

func rustRecipe(ctx context.Context, b *Builder, o order) (recipe, error) {
	memo := &b.tools.rust
	if o.kind == runners.Wasm {
		memo = &b.tools.wasmRust
	}
	tools, err := memo.get(func() (rustToolchain, error) { return findRust(ctx, o.kind) })
	if err != nil {
		return recipe{}, err
	}
	folder := path.Join(Folder, o.Name, "rust")
	inputs, err := filesBelow(b.root, ".rs", folder, path.Join(Folder, "guest", "rust"))
	if err != nil {
		return recipe{}, err
	}
	opts := o.optionsOf(o.language)
	flags := slices.Concat(rustFlags, opts.Flags)
	r := recipe{file: o.Name, toolchain: tools.version, inputs: slices.Concat(inputs, tools.libraries)}
	if o.kind == runners.Wasm {
		r.file += ".wasm"
		stack := cmp.Or(opts.StackBytes, rustStack)
		flags = append(flags, strings.Fields(rustWasmFlags+strconv.Itoa(int(stack)))...)
	} else {
		flags = append(flags, strings.Fields(rustNativeFlags)...)
		r.nativeFile()
	}
	r.flags = strings.Join(flags, " ")
	r.steps = func(dir string) []step {
		return []step{{args: slices.Concat(
			[]string{rustc, "--edition=2021", "--crate-type=bin", "--crate-name=" + strings.ReplaceAll(o.Name, "-", "_"), "--target=" + tools.target},
			flags, []string{"-Dwarnings", folder + "/main.rs", "-o", dir + "/" + r.file})}}
	}
	return r, nil
}
