//go:build cgo && !custom_wasmer_runtime && ((linux && amd64) || (darwin && (amd64 || arm64)))

package wasmer_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
	"edgebench/runners/internal/limit"
)

// grow grows the memory by the request's first byte, in pages.
const grow = "(memory.grow (local.get $op))"

// TestMemoryLimit grows up to the limit and one page past it.
func TestMemoryLimit(t *testing.T) {
	for name, c := range map[string]struct {
		memory string
		limit  uint64
		want   []int32 // results of growing by a page over and over
	}{
		"no maximum":      {`(memory (export "memory") 1)`, 3 * limit.PageSize, []int32{1, 2, -1, -1}},
		"a higher one":    {`(memory (export "memory") 1 9)`, 3*limit.PageSize + 1, []int32{1, 2, -1}},
		"a lower one":     {`(memory (export "memory") 1 2)`, 3 * limit.PageSize, []int32{1, -1}},
		"no limit at all": {`(memory (export "memory") 1 3)`, 0, []int32{1, 2, -1}},
	} {
		t.Run(name, func(t *testing.T) {
			a := guest(t, c.memory, grow)
			in(t, append(slices.Clone(compiling), keeping...), func(t *testing.T, mode string) {
				i := instantiate(t, load(t, boot(t, mode, c.limit), a))
				for n, want := range c.want {
					if got := number(t, call(t, i, "\x01")); got != want {
						t.Fatalf("growth %d gives %d, want %d", n, got, want)
					}
				}
			})
		})
	}
}

// TestMemoryLimitRefuses starts with more memory than there may be.
func TestMemoryLimitRefuses(t *testing.T) {
	a := guest(t, `(memory (export "memory") 4)`, grow)
	in(t, []string{"cranelift", "cranelift-aot"}, func(t *testing.T, mode string) {
		if _, err := try(t, boot(t, mode, 3*limit.PageSize), a, "x"); !errors.Is(err, runners.ErrTooLarge) {
			t.Errorf("%v; want ErrTooLarge", err)
		}
		if _, err := try(t, boot(t, mode, 4*limit.PageSize), a, "x"); err != nil {
			t.Error(err)
		}
	})
}

// TestOtherLimit hands stored code to a runtime with another limit.
func TestOtherLimit(t *testing.T) {
	a := guest(t, `(memory (export "memory") 1)`, grow)
	in(t, keeping, func(t *testing.T, mode string) {
		limits := []uint64{0, 2 * limit.PageSize, 3 * limit.PageSize}
		for _, made := range limits {
			p := prepare(t, boot(t, mode, made), a)
			for _, asked := range limits {
				l, err := boot(t, mode, asked).Load(t.Context(), p, nil)
				if err == nil {
					l.Close()
				}
				if (err == nil) != (made == asked) {
					t.Errorf("made for %d bytes, loaded with a limit of %d: %v", made, asked, err)
				}
				if err != nil && !strings.Contains(err.Error(), "another limit") {
					t.Errorf("%v does not tell of the limit", err)
				}
			}
		}
	})
}
