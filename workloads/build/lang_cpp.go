package build

import (
	"context"
	"fmt"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/runners"
)

// newAlignment is what guest/cpp/new.cpp gives.
const newAlignment = "-fnew-alignment=8"

// cppFlags are the same for modules and executables. The library for
// WebAssembly has neither exceptions nor RTTI.
var cppFlags = []string{"-O2", "-ffp-contract=off", "-std=c++17", "-fno-exceptions", "-fno-rtti", newAlignment}

// noDestructors is clang's alone: a guest ends without looking back, and to
// register what would be destroyed then takes libc's malloc.
const noDestructors = "-fno-c++-static-destructors"

const cppAdvice = "Debian: apt-get install clang-14 libc++-14-dev libc++-14-dev-wasm32 libc++abi-14-dev-wasm32 musl-tools, or run scripts/setup-debian.sh"

// cppToolchain compiles and links C++ and the C of its kit.
type cppToolchain struct {
	c       cToolchain
	version string
	// compile is a command up to its flags and files, flags are this compiler's
	// alone, libraries are the static ones that link does not find by itself.
	compile, flags, libraries []string
	// kit are C sources of the kit that this library wants.
	kit []string
}

// findWasmCpp is findWasmC with the library of C++.
func findWasmCpp(ctx context.Context) (cppToolchain, error) {
	c, err := findWasmC(ctx)
	if err != nil {
		return cppToolchain{}, err
	}
	const target = "--target=wasm32-wasi"
	library, _ := firstLine(ctx, "clang++-14", target, "-print-file-name=libc++.a")
	if !filepath.IsAbs(library) {
		return cppToolchain{}, unavailable("the library of C++ for wasm is missing (%s)", cppAdvice)
	}
	c.link = []string{"clang++-14", target}
	return cppToolchain{
		c: c, version: c.version + ", libc++" + debianVersion(ctx, "libc++-14-dev-wasm32"),
		compile: []string{"clang++-14", target}, flags: []string{noDestructors},
	}, nil
}

// findCpp takes the first that is there: the compiler and the library of the
// wasm modules over musl, so that both sides differ in nothing but the target;
// the machine's C++ compiler with its library over the machine's libc.
func findCpp(ctx context.Context, c cToolchain) (cppToolchain, error) {
	const llvm = "/usr/lib/llvm-14"
	libraries := []string{llvm + "/lib/libc++.a", llvm + "/lib/libunwind.a"}
	_, noClang := exec.LookPath("clang++-14")
	if m := muslFolders(); noClang == nil && c.library == m.library && m.headers != "" && exists(libraries[0]) && exists(libraries[1]) {
		// What no live code asks for may ask for what musl does not have.
		c.link = append(slices.Clip(c.link), "-Wl,--gc-sections")
		return cppToolchain{
			c: c, version: c.version + ", libc++ (compiled over glibc)" + debianVersion(ctx, "libc++-14-dev"),
			compile: []string{
				"clang++-14", "-nostdinc++", "-isystem", llvm + "/include/c++/v1",
				"-nostdlibinc", "-isystem", m.headers, "-D_LIBCPP_HAS_MUSL_LIBC",
			},
			flags:     []string{noDestructors},
			libraries: libraries,
			kit:       []string{path.Join(Folder, "guest", "cpp", "native", "checked.c")},
		}, nil
	}
	if _, err := exec.LookPath("c++"); err != nil {
		return cppToolchain{}, unavailable("there is no C++ compiler: install one (%s)", cppAdvice)
	}
	version, err := firstLine(ctx, "c++", "--version")
	if err != nil {
		return cppToolchain{}, err
	}
	library, _ := firstLine(ctx, "c++", "-print-file-name=libc.a")
	if !filepath.IsAbs(library) {
		return cppToolchain{}, unavailable("the C++ compiler c++ has no static libc: install one (%s)", cppAdvice)
	}
	gcc := !strings.Contains(version, "clang")
	c = cToolchain{version: version, library: library, compile: []string{"cc"}, link: []string{"c++", "-static"}, gcc: gcc}
	return cppToolchain{c: c, version: version, compile: []string{"c++"}}, nil
}

func (b *Builder) cppTools(ctx context.Context, kind runners.Kind) (cppToolchain, error) {
	if kind == runners.Wasm {
		return b.tools.wasmCxx.get(func() (cppToolchain, error) { return findWasmCpp(ctx) })
	}
	c, err := b.cTools(ctx, kind)
	if err != nil {
		return cppToolchain{}, err
	}
	return b.tools.cxx.get(func() (cppToolchain, error) { return findCpp(ctx, c) })
}

// cppRecipe makes modules and executables of C++: the kit of C, that of C++
// over it, and the workload's own sources.
func cppRecipe(ctx context.Context, b *Builder, o order) (recipe, error) {
	tools, err := b.cppTools(ctx, o.kind)
	if err != nil {
		return recipe{}, err
	}
	kit := path.Join(Folder, "guest", "cpp")
	p, err := b.cProgram(o, kit)
	if err != nil {
		return recipe{}, err
	}
	p.own = append(p.own, tools.kit...)
	sources, err := filesIn(b.root, ".cpp", kit, path.Join(Folder, o.Name, "cpp"))
	if err != nil {
		return recipe{}, err
	}
	headers, err := filesIn(b.root, ".hpp", kit, path.Join(Folder, o.Name, "cpp"))
	if err != nil {
		return recipe{}, err
	}
	r := p.recipe(o, tools.c)
	r.toolchain = tools.version
	r.inputs = slices.Concat(r.inputs, headers, sources, tools.libraries)
	flags := slices.Concat(cppFlags, tools.flags, o.optionsOf(o.language).Flags)
	ownOnly, link := p.kindFlags(o.kind)
	if tools.c.gcc {
		flags = gccNames(flags)
	}
	r.flags = strings.Join(slices.Concat(flags, ownOnly, link), " ")
	r.steps = func(dir string) []step {
		out := dir + "/" + r.file
		steps, objects := tools.c.objects(out, p, slices.Concat(p.flags, p.paths), ownOnly)
		for i, source := range sources {
			object := fmt.Sprintf("%s.cpp.%d.o", out, i)
			steps = append(steps, step{args: slices.Concat(tools.compile, flags, p.paths, []string{"-I" + kit}, ownOnly, []string{"-c", source, "-o", object})})
			objects = append(objects, object)
		}
		return append(steps, step{args: slices.Concat(tools.c.link, link, objects, tools.libraries, []string{"-o", out})})
	}
	return r, nil
}
