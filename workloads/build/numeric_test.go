package build_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"edgebench/runners"
)

// numericBuilds starts every build of a numeric workload: modules and native
// programs, scalar and with vectors.
func numericBuilds(t *testing.T, name string) []peer {
	t.Helper()
	w, builds := allBuilds(t, name)
	_, builder := open(t)
	vectors := mustBuild(t, builder, w, "c+simd", runners.Wasm)
	return append(builds, peer{"c+simd as wasm", instantiate(t, vectors)})
}

// Every kernel has the same bits in every build, whatever is left over when its
// size is divided by the lanes of a vector.
func TestKernelsAgreeBitForBit(t *testing.T) {
	t.Parallel()
	builds := numericBuilds(t, "kernels")
	names := strings.Fields(string(ask(t, builds, []byte("kernels"))))
	if len(names) < 12 {
		t.Errorf("there are %d kernels", len(names))
	}
	for _, name := range names {
		hashes := make(map[string]bool)
		requests := 0
		for _, size := range []int{2, 3, 4, 5, 6, 7, 9, 16, 31, 34} {
			for _, seed := range []int64{0, 1, 20260101, 999_999_999_999_999} {
				got := ask(t, builds, fmt.Appendf(nil, "%s %d %d", name, size, seed))
				_, hash, ok := bytes.Cut(got, []byte("\nhash "))
				if !ok {
					t.Fatalf("%s %d %d: %q", name, size, seed, got)
				}
				hashes[string(hash)] = true
				requests++
			}
		}
		// Tables of a few letters may come out the same for two seeds.
		if len(hashes) < requests/2 {
			t.Errorf("%s has %d results for %d inputs", name, len(hashes), requests)
		}
	}
}

// The model has the same logits in every build, libm's share included.
func TestInferenceAgreesBitForBit(t *testing.T) {
	t.Parallel()
	builds := numericBuilds(t, "inference")
	hashes := make(map[string]bool)
	prompts := []string{"a", "b", "\x00", "ab", "Hello", "hello", "The edge", strings.Repeat("z", 24)}
	for _, prompt := range prompts {
		got := ask(t, builds, []byte("3 "+prompt))
		_, hash, ok := bytes.Cut(got, []byte("\nlogits "))
		if !ok {
			t.Fatalf("%q: %q", prompt, got)
		}
		hashes[string(hash)] = true
	}
	if len(hashes) != len(prompts) {
		t.Errorf("%d prompts have %d results", len(prompts), len(hashes))
	}
}
