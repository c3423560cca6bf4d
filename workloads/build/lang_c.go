package build

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"edgebench/runners"
)

// cFlags are the same for modules and executables: without fused multiply-add
// they agree bit for bit.
var cFlags = []string{"-O2", "-ffp-contract=off", "-std=c11"}

// Flags of modules.
const (
	// ownFlags are for our own code alone, and for one compiler: others warn
	// of other things.
	ownFlags = "-Wall -Wextra -Werror"
	// linkFlags, and why:
	//
	//   no -O          with it the driver silently runs whatever wasm-opt the
	//                  machine happens to have
	//   --stack-first  a stack overflow traps at address 0 instead of running
	//                  into the data
	//   --strip-all    no names and no producers section: nothing that depends
	//                  on the machine
	linkFlags = "-mexec-model=reactor -Wl,--stack-first -Wl,--strip-all -Wl,-z,stack-size="
	// cStack is half of the one page of 64 KiB that an instance cannot do
	// without; the default of 1 MiB would cost 16 pages in each instance, for
	// stacks of which these guests use a few KiB at most.
	cStack = 32 << 10
)

const cAdvice = "install one (Debian: apt-get install clang-14 musl-tools, or run scripts/setup-debian.sh)"

// cToolchain compiles and links modules, or static executables.
type cToolchain struct {
	version string
	// library is the static libc: its bytes are a part of what is built.
	library string
	// compile and link are commands up to their flags and files.
	compile, link []string
	// gcc says that it takes gcc's names of flags.
	gcc bool
}

// findWasmC takes the one compiler whose modules the manifests pin: another
// makes other bytes.
func findWasmC(ctx context.Context) (cToolchain, error) {
	const target = "--target=wasm32-wasi"
	for _, tool := range []string{"clang-14", "wasm-ld-14"} {
		if _, err := exec.LookPath(tool); err != nil {
			return cToolchain{}, unavailable("%s is missing (Debian: apt-get install clang-14 lld-14 wasi-libc libclang-rt-14-dev-wasm32, or run scripts/setup-debian.sh)", tool)
		}
	}
	clang, err := firstLine(ctx, "clang-14", "-dumpversion")
	if err != nil {
		return cToolchain{}, err
	}
	lld, err := firstLine(ctx, "wasm-ld-14", "--version")
	if err != nil {
		return cToolchain{}, err
	}
	lld, _, _ = strings.Cut(lld[strings.LastIndex(lld, "LLD ")+len("LLD "):], " ")
	library, _ := firstLine(ctx, "clang-14", target, "-print-file-name=libc.a")
	if !filepath.IsAbs(library) {
		return cToolchain{}, unavailable("the libc of wasm is missing (Debian: apt-get install wasi-libc)")
	}
	return cToolchain{
		version: fmt.Sprintf("clang %s, lld %s, wasi-libc%s", clang, lld, debianVersion(ctx, "wasi-libc")),
		library: library,
		compile: []string{"clang-14", target}, link: []string{"clang-14", target},
	}, nil
}

// debianVersion is the version of an installed package after a space, "" where
// packages are not Debian's.
func debianVersion(ctx context.Context, name string) string {
	version, err := output(ctx, "", "dpkg-query", "--show", "--showformat=${Version}", name)
	if err != nil || version == "" {
		return ""
	}
	return " " + oneLine(version)
}

// findC takes the first that is there: the compiler of the wasm modules over
// musl, so that both sides differ in nothing but the target; gcc over musl;
// whatever the machine calls cc.
func findC(ctx context.Context) (cToolchain, error) {
	if runtime.GOOS != "linux" {
		return cToolchain{}, unavailable("native artefacts of C are built on Linux alone")
	}
	musl := muslFolders()
	_, noDriver := exec.LookPath("musl-gcc")
	_, noClang := exec.LookPath("clang-14")
	if noDriver == nil && noClang == nil && musl.headers != "" {
		return clangOverMusl(ctx, musl)
	}
	if noDriver == nil {
		version, err := firstLine(ctx, "musl-gcc", "--version")
		return cToolchain{
			version: version + ", " + muslVersion(ctx), library: musl.library, gcc: true,
			compile: []string{"musl-gcc"}, link: []string{"musl-gcc", "-static"},
		}, err
	}
	if _, err := exec.LookPath("cc"); err != nil {
		return cToolchain{}, unavailable("there is no C compiler: %s", cAdvice)
	}
	library, _ := firstLine(ctx, "cc", "-print-file-name=libc.a")
	if !filepath.IsAbs(library) {
		return cToolchain{}, unavailable("the C compiler cc has no static libc: %s", cAdvice)
	}
	version, err := firstLine(ctx, "cc", "--version")
	return cToolchain{
		version: version, library: library, gcc: !strings.Contains(version, "clang"),
		compile: []string{"cc"}, link: []string{"cc", "-static"},
	}, err
}

// clangOverMusl lets musl's own driver link, which knows what its libc needs.
func clangOverMusl(ctx context.Context, m musl) (cToolchain, error) {
	version, err := firstLine(ctx, "clang-14", "--version")
	return cToolchain{
		version: version + ", " + muslVersion(ctx), library: m.library,
		compile: []string{"clang-14", "-nostdlibinc", "-isystem", m.headers}, link: []string{"musl-gcc", "-static"},
	}, err
}

// musl is where Debian and its kin put musl's headers and static library; ""
// where they are not.
type musl struct{ headers, library string }

func muslFolders() (m musl) {
	triple := muslArch() + "-linux-musl"
	if headers := "/usr/include/" + triple; exists(headers + "/stdio.h") {
		m.headers = headers
	}
	if library := "/usr/lib/" + triple + "/libc.a"; exists(library) {
		m.library = library
	}
	return m
}

// muslArch is musl's name for this machine's architecture.
func muslArch() string {
	switch runtime.GOARCH {
	case "amd64":
		return "x86_64"
	case "arm64":
		return "aarch64"
	case "386":
		return "i386"
	default:
		return runtime.GOARCH
	}
}

// muslVersion asks musl's loader, which prints its version as a part of its
// usage and then fails.
func muslVersion(ctx context.Context) string {
	said, _ := exec.CommandContext(ctx, "/lib/ld-musl-"+muslArch()+".so.1").CombinedOutput()
	if _, after, ok := strings.Cut(string(said), "Version "); ok {
		version, _, _ := strings.Cut(after, "\n")
		return "musl " + oneLine(version)
	}
	return "musl"
}

// cRecipe makes modules and executables of C: the kit, its shell for one of the
// two, the workload's own sources and those of third parties.
func cRecipe(ctx context.Context, b *Builder, o order) (recipe, error) {
	tools, err := b.cTools(ctx, o.kind)
	if err != nil {
		return recipe{}, err
	}
	p, err := b.cProgram(o, path.Join(Folder, o.Name, "c"))
	if err != nil {
		return recipe{}, err
	}
	return p.recipe(o, tools), nil
}

func (b *Builder) cTools(ctx context.Context, kind runners.Kind) (cToolchain, error) {
	if kind.WebAssembly() {
		return b.tools.wasmCC.get(func() (cToolchain, error) { return findWasmC(ctx) })
	}
	return b.tools.cc.get(func() (cToolchain, error) { return findC(ctx) })
}

// program is what a C compiler is given.
type program struct {
	// own sources and headers lie below the suite's root; foreign sources are
	// absolute, in the folder of the fetched sources.
	own, headers, foreign []string
	// flags bear on the code; paths are where headers are, and what hides the
	// machine's folders from the code.
	flags, paths []string
	// pins are those of the third parties' sources.
	pins  []string
	stack uint32
	// unwinds says that its functions can be left by longjmp (unwind.go).
	unwinds bool
	// growable says that a module's table of functions has no maximum.
	growable bool
}

// cProgram gathers what a workload in C, or in a language that is compiled
// with it, is built from.
func (b *Builder) cProgram(o order, folder string) (p program, err error) {
	guest := path.Join(Folder, "guest", "c")
	shell, headers := guest+"/native", []string{guest, folder}
	if o.kind.WebAssembly() {
		shell = guest + "/" + string(o.kind)
		headers = append(headers, shell)
	}
	if o.kind == runners.Component { // whose memory is that of a module
		headers = append(headers, guest+"/"+string(runners.Wasm))
	}
	if p.own, err = filesIn(b.root, ".c", guest, shell, folder); err != nil {
		return p, err
	}
	if p.headers, err = filesIn(b.root, ".h", headers...); err != nil {
		return p, err
	}
	opts := o.optionsOf(o.language)
	if p.foreign, err = b.expand(o.Workload, o.language, opts.Sources, opts.Exclude); err != nil {
		return p, err
	}
	include, err := b.expand(o.Workload, o.language, opts.Include, nil)
	if err != nil {
		return p, err
	}
	p.flags = slices.Concat(cFlags, opts.Flags)
	if o.kind.WebAssembly() && variant(o.language) == "simd" {
		p.flags = append(p.flags, "-msimd128")
	}
	if o.kind.WebAssembly() && opts.Longjmp {
		p.flags, p.unwinds = append(p.flags, unwindFlags...), true
	}
	p.paths = []string{"-I" + guest}
	if o.kind == runners.Component {
		p.paths = append(p.paths, "-I"+shell)
	}
	if len(p.foreign)+len(include) > 0 {
		p.paths = append(p.paths, "-ffile-prefix-map="+b.sources+"=sources")
	}
	for _, dir := range include {
		p.paths = append(p.paths, "-isystem", dir)
	}
	for _, s := range o.Sources {
		p.pins = append(p.pins, s.pin())
	}
	p.stack, p.growable = cmp.Or(opts.StackBytes, cStack), opts.GrowableTable
	return p, nil
}

func (p program) recipe(o order, tools cToolchain) recipe {
	r := recipe{
		file: o.Name, toolchain: tools.version, settings: strings.Join(p.pins, " "),
		inputs: slices.Concat(p.headers, p.own, p.foreign),
	}
	if tools.library != "" {
		r.inputs = append(r.inputs, tools.library)
	}
	if o.kind.WebAssembly() {
		r.file += ".wasm"
	} else {
		r.nativeFile()
	}
	flags := p.flags
	ownOnly, link := p.kindFlags(o.kind)
	if tools.gcc {
		flags = gccNames(flags)
	}
	r.flags = strings.Join(slices.Concat(flags, ownOnly, link), " ")
	r.steps = func(dir string) []step {
		return tools.steps(dir+"/"+r.file, p, slices.Concat(flags, p.paths), ownOnly, link)
	}
	return r
}

// kindFlags are those that differ between modules and executables: for our own
// code alone, and for linking.
func (p program) kindFlags(kind runners.Kind) (ownOnly, link []string) {
	if kind.WebAssembly() {
		link = strings.Fields(linkFlags + strconv.Itoa(int(p.stack)))
		if p.growable {
			link = append(link, "-Wl,--growable-table")
		}
		return strings.Fields(ownFlags), link
	}
	return []string{"-D_GNU_SOURCE"}, nil
}

// gccNames puts gcc's names in the place of clang's.
func gccNames(flags []string) []string {
	names := map[string]string{"-fno-vectorize": "-fno-tree-loop-vectorize", "-fno-slp-vectorize": "-fno-tree-slp-vectorize", newAlignment: "-faligned-new=8"}
	flags = slices.Clone(flags)
	for i, flag := range flags {
		flags[i] = cmp.Or(names[flag], flag)
	}
	return flags
}

// steps compiles each source and links them.
func (t cToolchain) steps(out string, p program, flags, ownOnly, link []string) []step {
	steps, objects := t.objects(out, p, flags, ownOnly)
	return append(steps, step{args: slices.Concat(t.link, link, objects, []string{"-o", out})})
}

// objects compiles each source to a file beside out. Code of third parties is
// not asked for its warnings.
func (t cToolchain) objects(out string, p program, flags, ownOnly []string) (steps []step, objects []string) {
	compile := func(source string, more []string) {
		object := fmt.Sprintf("%s.%d.o", out, len(objects))
		objects = append(objects, object)
		how := slices.Concat(t.compile, flags, more)
		if p.unwinds {
			steps = append(steps, t.unwinding(how, source, object)...)
			return
		}
		steps = append(steps, step{args: slices.Concat(how, []string{"-c", source, "-o", object})})
	}
	for _, source := range p.own {
		compile(source, ownOnly)
	}
	for _, source := range p.foreign {
		compile(source, []string{"-w"})
	}
	return steps, objects
}

// firstLine runs a tool for the first line that it says.
func firstLine(ctx context.Context, args ...string) (string, error) {
	said, err := output(ctx, "", args...)
	if err != nil {
		return "", brokenTool(ctx, "the C compiler does not work here (%v): %s", err, cAdvice)
	}
	line, _, _ := strings.Cut(said, "\n")
	return oneLine(line), nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
