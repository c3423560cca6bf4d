package workloads

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
)

const goodManifest = `name = "hello"
description = "says hello"
languages = ["c", "go"]

[modules.c]
file = "c/hello.wasm"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
size_bytes = 544
toolchain = "clang 14.0.6"
flags = "-O2"
`

func TestParseManifest(t *testing.T) {
	m, err := parseManifest("f", []byte(goodManifest))
	if err != nil {
		t.Fatal(err)
	}
	if m.Name != "hello" || m.Hidden || len(m.Languages) != 2 || m.Modules["c"].SizeBytes != 544 {
		t.Errorf("read as %+v", m)
	}
}

func TestBadManifests(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"not TOML", `languages =`, `languages`, "f:3: "},
		{"key twice", `description`, `name`, "f:2: "},
		{"unknown key", `flags`, `flag`, `f:10: unknown key "modules.c.flag"`},
		{"unknown table", `[modules.c]`, `[module.c]`, `f:5: unknown key "module`},
		{"wrong type", `544`, `"544"`, "f:8: "},
		{"negative size", `544`, `-1`, "f:8: "},
		{"not UTF-8", "hello", "\xff", "f:1: "},
		{"bad name", `"hello"`, `"../hello"`, "f: name is"},
		{"no description", `says hello`, ``, "f: description must be one line"},
		{"description of two lines", `says hello`, `says\nhello`, "f: description must be one line"},
		{"no languages", `["c", "go"]`, `[]`, "f: languages is missing or empty"},
		{"unknown language", `"go"`, `"cobol"`, `f: languages has "cobol", which is none of c, go`},
		{"language twice", `"go"`, `"c"`, `f: languages has "c" twice`},
		{"no module", goodManifest[strings.Index(goodManifest, "[mod"):], ``, "f: there is no [modules.c]: run scripts/build-workloads.sh"},
		{"module of no language", `["c", "go"]`, `["go"]`, "f: [modules.c] belongs to no language"},
		{"module outside", `c/hello.wasm`, `../c/hello.wasm`, "f: [modules.c]: file is"},
		{"absolute module", `c/hello.wasm`, `/c/hello.wasm`, "f: [modules.c]: file is"},
		{"short sum", `"0123`, `"`, "f: [modules.c]: sha256 is"},
		{"large sum", `"0123`, `"A123`, "f: [modules.c]: sha256 is"},
		{"empty module", `544`, `0`, "f: [modules.c]: size_bytes is 0"},
		{"huge module", `544`, `1000000000`, "f: [modules.c]: size_bytes is 1000000000"},
		{"no toolchain", `clang 14.0.6`, ``, "f: [modules.c]: toolchain must be there"},
		{"much text", `-O2`, strings.Repeat("x", maxManifest), "f: 65"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(goodManifest, c.old, c.new, 1)
			_, err := parseManifest("f", []byte(text))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			oneClearLine(t, err)
		})
	}
}

// oneClearLine wants what can be printed as it is.
func oneClearLine(t *testing.T, err error) {
	t.Helper()
	said := err.Error()
	if strings.IndexFunc(said, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 || len(said) > 1000 {
		t.Errorf("not one clear line: %q", said)
	}
}

// FuzzManifest: whatever the text, there is a manifest that holds to the
// bounds or an error of one line.
func FuzzManifest(f *testing.F) {
	f.Add([]byte(goodManifest))
	files, err := filepath.Glob("*/" + manifestFile)
	if err != nil || len(files) == 0 {
		f.Fatal("the manifests of the suite are not here", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseManifest("f", text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "f:") {
				t.Errorf("no file in %q", err)
			}
			oneClearLine(t, err)
			return
		}
		if !validName.MatchString(m.Name) || len(m.Languages) == 0 || m.Description == "" {
			t.Errorf("taken as %+v", m)
		}
		for language, p := range m.Modules {
			if !filepath.IsLocal(p.File) || len(p.SHA256) != 64 {
				t.Errorf("module of %s taken as %+v", language, p)
			}
		}
	})
}
