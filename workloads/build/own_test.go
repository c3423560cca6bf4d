package build_test

import (
	"os"
	"path/filepath"
	"testing"

	"edgebench/runners"
	"edgebench/workloads/build"
)

func exchange() []runners.Exchange {
	return []runners.Exchange{{Name: "one", Request: []byte("E!"), Response: []byte("!")}}
}

// The user's own program is found in a set, comes in the kinds that were given,
// and an image goes before an executable.
func TestOwn(t *testing.T) {
	root := suiteRoot(t)
	module := filepath.Join(root, "workloads", "probe", "c", "probe.wasm")
	binary := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(binary, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	w, err := build.Own{Name: "mine", Exchanges: exchange(), Given: []build.Given{
		{Kind: runners.Wasm, What: module},
		{Kind: runners.Native, What: binary, Interface: runners.Stdio},
		{Kind: runners.Image, What: "registry/image:tag", Interface: "http:8080/path"},
	}}.Workload()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		takes []runners.Kind
		want  runners.Kind
	}{
		{[]runners.Kind{runners.Wasm}, runners.Wasm},
		{[]runners.Kind{runners.Native}, runners.Native},
		{[]runners.Kind{runners.Native, runners.Image}, runners.Image},
	} {
		if kind, ok := w.KindFor(build.OwnLanguage, c.takes); !ok || kind != c.want {
			t.Errorf("for a runner of %v it comes as %s, %v", c.takes, kind, ok)
		}
	}
	if got := checkInterface(t, w, runners.Native); got != runners.Stdio {
		t.Errorf("it speaks %q as a program", got)
	}
	b := build.NewBuilder(root, t.TempDir())
	built, err := b.Build(t.Context(), w, build.OwnLanguage, runners.Wasm)
	if err != nil || built.Path != module || built.Interface != runners.Frames || len(built.SHA256) != 64 {
		t.Errorf("built as %+v, %v", built, err)
	}
	set, err := build.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Add(w); err != nil {
		t.Error(err)
	}
	if err := set.Add(w); err == nil {
		t.Error("a second one of the same name is taken")
	}
}

// A component is given like a module, and is one by its file alone.
func TestOwnComponent(t *testing.T) {
	root := suiteRoot(t)
	file := filepath.Join(root, "workloads", "probe", "c", "probe-component.wasm")
	w, err := build.Own{Name: "mine", Exchanges: exchange(), Given: []build.Given{{Kind: runners.Wasm, What: file}}}.Workload()
	if err != nil {
		t.Fatal(err)
	}
	if w.Comes(build.OwnLanguage, runners.Wasm) || !w.Comes(build.OwnLanguage, runners.Component) {
		t.Error("it is not taken for a component")
	}
	built, err := build.NewBuilder(root, t.TempDir()).Build(t.Context(), w, build.OwnLanguage, runners.Component)
	if err != nil || built.Path != file || built.Interface != runners.Frames || built.Kind != runners.Component {
		t.Errorf("built as %+v, %v", built, err)
	}
}

func TestOwnRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, text []byte, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, text, mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	noCode := write("no.wasm", []byte("hello"), 0o600)
	empty := write("empty.wasm", []byte("\x00asm\x01\x00\x00\x00"), 0o600)
	plain := write("plain", []byte("x"), 0o600)
	given := func(kind runners.Kind, what string, iface runners.Interface) build.Own {
		return build.Own{Name: "mine", Exchanges: exchange(), Given: []build.Given{{Kind: kind, What: what, Interface: iface}}}
	}
	for _, c := range []struct {
		own  build.Own
		want string
	}{
		{build.Own{Name: "../x", Exchanges: exchange()}, "the name"},
		{build.Own{Name: "mine", Exchanges: exchange()}, "nothing to measure"},
		{build.Own{Name: "mine", Given: []build.Given{{Kind: runners.Image, What: "x"}}}, "no request"},
		{given(runners.Wasm, filepath.Join(dir, "nowhere"), ""), "nowhere"},
		{given(runners.Wasm, noCode, ""), "no.wasm"},
		{given(runners.Wasm, empty, ""), "exports neither"},
		{given(runners.Native, plain, ""), "not executable"},
		{given(runners.Native, dir, ""), "regular file"},
		{given(runners.Image, "x", "gopher"), "speaks"},
		{given(runners.Image, "x", "http:99999999"), "http"},
	} {
		_, err := c.own.Workload()
		says(t, err, c.want)
	}
}

// checkInterface is how an artefact of the user's takes requests.
func checkInterface(t *testing.T, w build.Workload, kind runners.Kind) runners.Interface {
	t.Helper()
	built, err := build.NewBuilder(suiteRoot(t), t.TempDir()).Build(t.Context(), w, build.OwnLanguage, kind)
	if err != nil {
		t.Fatal(err)
	}
	return built.Interface
}

// A folder with a manifest keeps a program of the user's.
func TestOpenOwn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "mine")
	if err := os.MkdirAll(filepath.Join(dir, "requests"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	write("requests/01-a.req", "in")
	write("requests/01-a.resp", "out")
	write("program", "#!/bin/sh\n")
	write("image.tar", "")
	const head = "name = \"mine\"\ndescription = \"x\"\n"
	write("manifest.toml", head+"[own]\nnative = \"program\"\nimage = \"image.tar\"\n[own.interface]\nnative = \"stdio\"\nimage = \"http:80\"\n")
	w, err := build.OpenOwn(dir)
	if err != nil || !w.Comes(build.OwnLanguage, runners.Image) || checkInterface(t, w, runners.Image) != "http:80" {
		t.Errorf("read as %+v, %v", w, err)
	}
	for _, c := range []struct{ manifest, want string }{
		{head + "languages = [\"c\"]\n", "no section [own]"},
		{head + "languages = [\"c\"]\n[own]\nwasm = \"x\"\n", "takes the place of languages"},
		{head + "[own]\n", "neither wasm nor native nor image"},
		{head + "[own]\nnative = \"../program\"\n", "below the workload's folder"},
		{head + "[own]\nnative = \"program\"\n[own.interface]\njar = \"stdio\"\n", "no kind of artefact"},
		{head + "[own]\nnative = \"program\"\n[own.interface]\nimage = \"stdio\"\n", "belongs to nothing"},
	} {
		write("manifest.toml", c.manifest)
		_, err := build.OpenOwn(dir)
		says(t, err, c.want)
	}
}
