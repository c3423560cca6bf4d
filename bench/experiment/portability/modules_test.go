package portability_test

import (
	"bytes"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	. "edgebench/bench/experiment/experimenttest"
)

// unchecked are modules that are invalid on purpose, which wabt writes all the same.
var unchecked = regexp.MustCompile(`operand-of-another-type|missing-result|unreachable-code-is-checked|immutable-global-is-set`)

// Every committed module is what its source gives: text through wabt, or bytes in
// hexadecimal.
func TestModulesAreOfTheirSources(t *testing.T) {
	for _, folder := range []string{"modules/features", "modules/specification"} {
		files, err := filepath.Glob(folder + "/*.wasm")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s has no modules (%v)", folder, err)
		}
		for _, f := range files {
			t.Run(filepath.Base(f), func(t *testing.T) {
				want, err := os.ReadFile(f)
				Must(t, err)
				if got := rebuilt(t, strings.TrimSuffix(f, ".wasm")); !bytes.Equal(got, want) {
					t.Errorf("its source gives %d other bytes", len(got))
				}
			})
		}
	}
}

// rebuilt makes a module of its source.
func rebuilt(t *testing.T, stem string) []byte {
	t.Helper()
	if text, err := os.ReadFile(stem + ".hex"); err == nil {
		return fromHex(t, string(text))
	}
	source := stem + ".wat"
	if _, err := os.Stat(source); err != nil {
		// The component is that of the workload noop.
		code, err := os.ReadFile("../../../workloads/noop/c/noop-component.wasm")
		Must(t, err)
		return code
	}
	if _, err := exec.LookPath("wat2wasm"); err != nil {
		t.Skip("wat2wasm is not installed: scripts/setup-debian.sh installs it (package wabt)")
	}
	out := filepath.Join(t.TempDir(), "module.wasm")
	args := []string{"--enable-all", source, "-o", out}
	if unchecked.MatchString(stem) {
		args = append(args, "--no-check")
	}
	if said, err := exec.Command("wat2wasm", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	code, err := os.ReadFile(out)
	Must(t, err)
	return code
}

// fromHex reads bytes; a line that begins with ;; is a comment.
func fromHex(t *testing.T, text string) []byte {
	t.Helper()
	var digits strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, ";;") {
			digits.WriteString(strings.Join(strings.Fields(line), ""))
		}
	}
	code, err := hex.DecodeString(digits.String())
	Must(t, err)
	return code
}
