package wasmfile

import (
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
)

// generated is a small module as the generator makes them, from testdata/generated.wat.
func generated(t testing.TB) []byte {
	t.Helper()
	code, err := os.ReadFile("testdata/generated.wasm")
	if err != nil {
		t.Fatal(err)
	}
	return code
}

func TestEnclose(t *testing.T) {
	code, names, err := Enclose(generated(t))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(names, []string{"func", "func_0"}) {
		t.Errorf("the functions are %q", names)
	}
	if err := Check(code, runners.Frames); err != nil {
		t.Errorf("the enclosed module: %v", err)
	}
	if m, err := inspect(code); err != nil || len(m.imports) > 0 || len(m.exports) != 3 {
		t.Errorf("it has %d imports and %d exports (%v)", len(m.imports), len(m.exports), err)
	}
}

func TestEncloseRefuses(t *testing.T) {
	code := generated(t)
	for name, c := range map[string]struct {
		code []byte
		says string
	}{
		"nothing":       {nil, "begin"},
		"no exports":    {[]byte(command.String()), "export hashMemory"},
		"a part":        {code[:len(code)/2], ""},
		"no hash":       {[]byte(strings.Replace(string(code), "hashMemory", "hushMemory", 1)), "export hashMemory"},
		"another value": {featureModule(t, runners.SIMD), "export"},
	} {
		if _, _, err := Enclose(c.code); !errors.Is(err, runners.ErrMalformed) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzEnclose checks that whatever comes is refused as malformed, or gives a module
// whose sections can be read.
func FuzzEnclose(f *testing.F) {
	f.Add(generated(f))
	f.Fuzz(func(t *testing.T, code []byte) {
		enclosed, names, err := Enclose(code)
		if err != nil {
			if !errors.Is(err, runners.ErrMalformed) {
				t.Fatalf("%v is not malformed", err)
			}
			return
		}
		if len(names) == 0 || len(names) > maxExports {
			t.Fatalf("%d functions", len(names))
		}
		if _, err := inspect(enclosed); err != nil && !errors.Is(err, runners.ErrMalformed) {
			t.Fatal(err)
		}
	})
}
