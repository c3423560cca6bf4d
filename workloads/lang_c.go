package workloads

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"edgebench/runners"
)

// cFlags are those of scripts/build-workloads.sh that bear on the code: without
// fused multiply-add, native and wasm agree bit for bit.
var cFlags = []string{"-O2", "-ffp-contract=off", "-std=c11", "-D_GNU_SOURCE"}

const cAdvice = "install one (Debian: apt-get install clang-14 musl-tools, or run scripts/setup-debian.sh)"

// cToolchain compiles and links static executables.
type cToolchain struct {
	version string
	// library is the static libc: its version is not in the compiler's.
	library string
	// compile and link are commands up to their files. Where compile is empty,
	// link takes sources.
	compile, link []string
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
			version: version + ", " + muslVersion(ctx), library: musl.library,
			link: append([]string{"musl-gcc", "-static"}, cFlags...),
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
		version: version, library: library,
		link: append([]string{"cc", "-static"}, cFlags...),
	}, err
}

// clangOverMusl lets musl's own driver link, which knows what its libc needs.
func clangOverMusl(ctx context.Context, m musl) (cToolchain, error) {
	version, err := firstLine(ctx, "clang-14", "--version")
	compile := append([]string{"clang-14", "-nostdlibinc", "-isystem", m.headers}, cFlags...)
	return cToolchain{
		version: version + ", " + muslVersion(ctx), library: m.library,
		compile: append(compile, "-c"), link: []string{"musl-gcc", "-static"},
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

func cRecipe(ctx context.Context, b *Builder, w Workload, _ runners.Kind) (recipe, error) {
	tools, err := b.tools.cc.get(func() (cToolchain, error) { return findC(ctx) })
	if err != nil {
		return recipe{}, err
	}
	guest := path.Join(Folder, "guest", "c")
	own := path.Join(Folder, w.Name, "c")
	sources, err := filesIn(b.root, ".c", guest, guest+"/native", own)
	if err != nil {
		return recipe{}, err
	}
	headers, err := filesIn(b.root, ".h", guest, own)
	if err != nil {
		return recipe{}, err
	}
	r := recipe{file: w.Name, toolchain: tools.version, inputs: append(headers, sources...)}
	if tools.library != "" {
		r.inputs = append(r.inputs, tools.library)
	}
	r.nativeFile()
	r.steps = func(dir string) []step { return tools.steps(dir, r.file, "-I"+guest, sources) }
	return r, nil
}

// steps compiles each source and links them, or does both at once.
func (t cToolchain) steps(dir, file, include string, sources []string) []step {
	out := []string{"-o", dir + "/" + file}
	if len(t.compile) == 0 {
		return []step{{args: slices.Concat(t.link, out, []string{include}, sources)}}
	}
	var steps []step
	var objects []string
	for i, source := range sources {
		object := fmt.Sprintf("%s/%d.o", dir, i)
		steps = append(steps, step{args: slices.Concat(t.compile, []string{include, "-o", object, source})})
		objects = append(objects, object)
	}
	return append(steps, step{args: slices.Concat(t.link, out, objects)})
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
