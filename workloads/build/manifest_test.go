package build

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

const goodSource = `[[sources]]
name = "lib"
language = "c"
from = "debian"
package = "lib"
version = "1"
file = "lib_1.tar.gz"
sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
licence = "MIT"
[build.c]
sources = ["lib/*.c"]
exclude = ["lib/main.c"]
flags = ["-DX"]
stack_bytes = 65536
`

// withSource is a source with something changed, and what comes after it.
func withSource(old, new string) string {
	return strings.Replace(goodSource, old, new, 1) + "[modules.c]"
}

func TestParseSources(t *testing.T) {
	m, err := parseManifest("f", []byte(strings.Replace(goodManifest, "[modules.c]", withSource("", ""), 1)))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.Sources) != 1 || m.Sources[0].From != Debian || m.Build["c"].StackBytes != 65536 {
		t.Errorf("read as %+v", m)
	}
}

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
		{"unknown language", `"go"`, `"cobol"`, `f: languages has "cobol", which is none of c, `},
		{"language twice", `"go"`, `"c"`, `f: languages has "c" twice`},
		{"module of no language", `["c", "go"]`, `["go"]`, "f: [modules.c] belongs to no language"},
		{"module outside", `c/hello.wasm`, `../c/hello.wasm`, "f: [modules.c]: file is"},
		{"absolute module", `c/hello.wasm`, `/c/hello.wasm`, "f: [modules.c]: file is"},
		{"short sum", `"0123`, `"`, "f: [modules.c]: sha256 is"},
		{"large sum", `"0123`, `"A123`, "f: [modules.c]: sha256 is"},
		{"empty module", `544`, `0`, "f: [modules.c]: size_bytes is 0"},
		{"huge module", `544`, `1000000000`, "f: [modules.c]: size_bytes is 1000000000"},
		{"no toolchain", `clang 14.0.6`, ``, "f: [modules.c]: toolchain must be there"},
		{"build of no language", `[modules.c]`, "[build.rust]\n[modules.c]", "f: [build.rust] belongs to no language"},
		{"build outside", `[modules.c]`, "[build.c]\nsources = [\"../x.c\"]\n[modules.c]", "f: [build.c]: \"../x.c\" must be a path"},
		{"build with lines", `[modules.c]`, "[build.c]\nflags = [\"-O\\n\"]\n[modules.c]", "f: [build.c]: "},
		{"odd stack", `[modules.c]`, "[build.c]\nstack_bytes = 7\n[modules.c]", "f: [build.c]: stack_bytes is 7"},
		{"source without pin", `[modules.c]`, withSource("sha256", "sha256sum"), `f:12: unknown key "sources.sha256sum"`},
		{"source from elsewhere", `[modules.c]`, withSource(`"debian"`, `"web"`), `f: [[sources]] "lib": from is "web"`},
		{"source of no language", `[modules.c]`, withSource(`"c"`, `"rust"`), `f: [[sources]] "lib": language is "rust"`},
		{"source without licence", `[modules.c]`, withSource(`MIT`, ``), `f: [[sources]] "lib": licence must be`},
		{"source outside", `[modules.c]`, withSource(`lib_1.tar.gz`, `../lib.tar.gz`), `f: [[sources]] "lib": from debian it takes`},
		{"source as module", `[modules.c]`, withSource(`"debian"`, `"go"`), `f: [[sources]] "lib": a Go module takes its sum`},
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
	f.Add([]byte(goodManifest + goodSource))
	files, err := filepath.Glob("../*/" + manifestFile)
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
			if p.File != "" && !filepath.IsLocal(p.File) || len(p.SHA256) != 64 {
				t.Errorf("module of %s taken as %+v", language, p)
			}
		}
	})
}
