package build

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
	rustc = "/usr/bin/rustc"
	cargo = "/usr/bin/cargo"
)

const rustAdvice = "Debian: apt-get install rustc cargo libstd-rust-dev-wasm32, or run scripts/setup-debian.sh"

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

// rustComponentFlags choose the kit's exports of a component.
var rustComponentFlags = []string{"--cfg=component"}

// rustToolchain compiles for one kind of artefact.
type rustToolchain struct {
	version, target string
	// libraries are files whose bytes are a part of what is built.
	libraries []string
}

func findRust(ctx context.Context, kind runners.Kind) (t rustToolchain, err error) {
	if !exists(rustc) || !exists(cargo) {
		return t, unavailable("there is no Rust at %s and %s (%s)", rustc, cargo, rustAdvice)
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
	if kind.WebAssembly() {
		t.target = rustWasm
		err = t.addLinker(ctx)
	} else {
		t.target = about["host"]
		err = t.addLibc(ctx)
	}
	if err != nil {
		return t, err
	}
	standard := path.Join("/usr/lib/rustlib", t.target, "lib")
	found, err := filepath.Glob(standard + "/libstd-*.rlib")
	if err != nil || len(found) == 0 {
		return t, unavailable("%s has no standard library of Rust (%s)", standard, rustAdvice)
	}
	t.libraries = append(t.libraries, found...)
	return t, nil
}

func (t *rustToolchain) addLinker(ctx context.Context) error {
	linker, err := output(ctx, "", "rust-lld", "-flavor", "wasm", "--version")
	if err != nil {
		return brokenTool(ctx, "the linker of Rust's modules does not work here (%v): %s", err, rustAdvice)
	}
	t.version += ", libstd-rust-dev-wasm32" + debianVersion(ctx, "libstd-rust-dev-wasm32") + ", " + linker
	return nil
}

func (t *rustToolchain) addLibc(ctx context.Context) error {
	libc, err := output(ctx, "", "cc", "-print-file-name=libc.a")
	if err != nil || !filepath.IsAbs(libc) {
		return brokenTool(ctx, "there is no static libc to link executables of Rust with (Debian: apt-get install gcc libc6-dev)")
	}
	t.version += ", glibc" + debianVersion(ctx, "libc6-dev")
	t.libraries = []string{libc}
	return nil
}

// rustRecipe makes modules and executables of a main.rs and what it names; with
// a Cargo.toml beside it, also of Debian's crates.
func rustRecipe(ctx context.Context, b *Builder, o order) (recipe, error) {
	memo := &b.tools.rust
	if o.kind.WebAssembly() {
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
	r := recipe{file: o.Name, toolchain: tools.version, inputs: slices.Concat(inputs, tools.libraries)}
	opts := o.optionsOf(o.language)
	flags := slices.Clone(opts.Flags)
	if o.kind == runners.Component {
		flags = append(flags, rustComponentFlags...)
	}
	if o.kind.WebAssembly() {
		r.file += ".wasm"
		stack := cmp.Or(opts.StackBytes, rustStack)
		flags = append(flags, strings.Fields(rustWasmFlags+strconv.Itoa(int(stack)))...)
	} else {
		flags = append(flags, strings.Fields(rustNativeFlags)...)
		r.nativeFile()
	}
	r.flags = strings.Join(slices.Concat(rustFlags, flags), " ")
	flags = append(flags, "-Dwarnings") // those of crates are not shown
	if !exists(filepath.Join(b.root, folder, "Cargo.toml")) {
		r.steps = func(dir string) []step {
			return []step{tools.compile(o.Name, folder, dir+"/"+r.file, flags)}
		}
		return r, nil
	}
	pinned, err := checkCrates(o.Sources)
	if err != nil {
		return recipe{}, err
	}
	for _, s := range pinned {
		r.settings += s.pin() + " "
	}
	r.inputs = append(r.inputs, folder+"/Cargo.toml", folder+"/Cargo.lock")
	r.steps = func(dir string) []step { return tools.cargo(folder, dir, r.file, flags) }
	return r, nil
}

// compile makes a program without crates.
func (t rustToolchain) compile(name, folder, out string, flags []string) step {
	args := []string{rustc, "--edition=2021", "--crate-type=bin", "--crate-name=" + strings.ReplaceAll(name, "-", "_"), "--target=" + t.target}
	return step{args: slices.Concat(args, rustFlags, flags, []string{folder + "/main.rs", "-o", out})}
}

// cargo makes a program with crates. Its flags are rustc's: those for all
// programs as a profile, since only so are crates compiled to be optimised
// together.
func (t rustToolchain) cargo(folder, dir, file string, flags []string) []step {
	env := []string{
		"CARGO_HOME=" + dir + "/cargo", // nothing of the user's
		"RUSTC=" + rustc, "RUSTC_WRAPPER=", "RUSTC_WORKSPACE_WRAPPER=",
		"CARGO_ENCODED_RUSTFLAGS=" + strings.Join(flags, "\x1f"),
	}
	for _, flag := range rustFlags {
		name, value, _ := strings.Cut(strings.TrimPrefix(flag, "-C"), "=")
		env = append(env, "CARGO_PROFILE_RELEASE_"+strings.ToUpper(strings.ReplaceAll(name, "-", "_"))+"="+value)
	}
	return []step{
		{env: env, args: []string{
			cargo, "build", "--offline", "--locked", "--quiet", "--release", "--target=" + t.target, "--target-dir=" + dir + "/target",
			"--manifest-path=" + folder + "/Cargo.toml",
			"--config", `source.crates-io.replace-with="debian"`, "--config", `source.debian.directory="` + crates + `"`,
		}},
		{args: []string{"mv", path.Join(dir, "target", t.target, "release", file), dir + "/" + file}},
	}
}
