package wasmfile

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
)

// featureFolder has a module for each feature.
const featureFolder = "../../bench/experiment/portability/modules/features"

func featureModule(t testing.TB, f runners.Feature) []byte {
	t.Helper()
	code, err := os.ReadFile(filepath.Join(featureFolder, string(f)+".wasm"))
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// Each module needs its feature, and no other but those that the feature builds on.
func TestFeatures(t *testing.T) {
	besides := map[runners.Feature][]runners.Feature{
		runners.RelaxedSIMD:        {runners.SIMD},
		runners.FunctionReferences: {runners.ReferenceTypes},
		runners.ReferenceTypes:     {runners.ReferenceTypes},
	}
	for _, f := range runners.Features() {
		found := Features(featureModule(t, f))
		if !slices.Contains(found, f) {
			t.Errorf("%s: found %v", f, found)
		}
		for _, other := range found {
			if other != f && !slices.Contains(besides[f], other) {
				t.Errorf("%s: it should not need %s", f, other)
			}
		}
	}
}

// A part of a module needs no more than the whole, and is read without a panic.
func TestFeaturesOfParts(t *testing.T) {
	for _, f := range runners.Features() {
		code := featureModule(t, f)
		whole := Features(code)
		for n := range code {
			for _, found := range Features(code[:n]) {
				if !slices.Contains(whole, found) {
					t.Errorf("%s: %d bytes need %s", f, n, found)
				}
			}
		}
	}
}

func TestLeftOut(t *testing.T) {
	code := featureModule(t, runners.TailCalls)
	refused := errors.New("unknown opcode 0x12")
	err := LeftOut(refused, code, []runners.Feature{runners.SIMD})
	if !errors.Is(err, runners.ErrUnavailable) || !strings.Contains(err.Error(), "needs tail-calls, which this mode does not support") {
		t.Errorf("a missing feature: %v", err)
	}
	malformed := LeftOut(runners.ErrMalformed, code, nil)
	if errors.Is(malformed, runners.ErrMalformed) {
		t.Errorf("a module with a feature is malformed: %v", malformed)
	}
	if err := LeftOut(refused, code, []runners.Feature{runners.TailCalls}); err != refused {
		t.Errorf("nothing is missing: %v", err)
	}
	if err := LeftOut(nil, code, nil); err != nil {
		t.Errorf("no error: %v", err)
	}
}

// FuzzFeatures checks that whatever comes is read without a panic, and that the list is
// in order and without doubles.
func FuzzFeatures(f *testing.F) {
	for _, feature := range runners.Features() {
		f.Add(featureModule(f, feature))
	}
	f.Fuzz(func(t *testing.T, code []byte) {
		at := -1
		for _, found := range Features(code) {
			i := slices.Index(runners.Features(), found)
			if i <= at {
				t.Fatalf("%s is out of order", found)
			}
			at = i
		}
	})
}
