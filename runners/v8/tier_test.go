//go:build cgo && linux && amd64

package v8

import (
	"testing"

	"edgebench/runners"
)

// TestTier asks each mode for what compiled the code, before and after a first call.
func TestTier(t *testing.T) {
	for _, c := range []struct {
		mode          string
		before, after runners.Tier
		varies        bool
	}{
		{"isolate", runners.TierUncompiled, runners.TierBaseline, true},
		{"isolate-liftoff", runners.TierBaseline, runners.TierBaseline, false},
		{"isolate-turbofan", runners.TierOptimised, runners.TierOptimised, false},
		{"isolate-cached", runners.TierOptimised, runners.TierOptimised, false},
		{"context", runners.TierUncompiled, runners.TierBaseline, true},
		{"instance", runners.TierUncompiled, runners.TierBaseline, true},
	} {
		t.Run(c.mode, func(t *testing.T) {
			rt := boot(t, c.mode)
			l, _ := load(t, rt, busted(t, rt, 1))
			defer l.Close()
			in, err := l.Instantiate(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			defer in.Close()
			for i, want := range []runners.Tier{c.before, c.after} {
				tier, varies, err := in.(runners.Tiered).Tier(t.Context())
				if err != nil || tier != want || varies != c.varies {
					t.Errorf("after %d calls: %s, varies %v, %v; want %s, %v", i, tier, varies, err, want, c.varies)
				}
				if _, err := in.Call(t.Context(), nil, []byte("GET / HTTP/1.1")); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}
