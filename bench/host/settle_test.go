package host

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

var everySecond = Settling{Every: time.Second, Within: 10 * time.Second, Tolerance: 5}

// settle runs Settle over prepared readings in simulated time, the last of
// them repeated, and tells how many were taken and how long it took.
func settle(t *testing.T, s Settling, readings ...[]uint64) (ok bool, taken int, took time.Duration) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var err error
		ok, err = Settle(t.Context(), s, func() ([]uint64, error) {
			taken++
			return readings[min(taken, len(readings))-1], nil
		})
		if err != nil {
			t.Error(err)
		}
		took = time.Since(began)
	})
	return ok, taken, took
}

func TestSettle(t *testing.T) {
	cases := []struct {
		name     string
		readings [][]uint64
		ok       bool
		taken    int
	}{
		{"at once", [][]uint64{{100, 7}, {105, 2}}, true, 2},
		{"falling", [][]uint64{{100}, {90}, {80}, {76}}, true, 4},
		{"one of two still rises", [][]uint64{{1, 0}, {1, 10}, {1, 20}, {1, 20}}, true, 4},
		{"a quantity comes to it", [][]uint64{{1}, {1, 1}, {1, 1}}, true, 3},
		{"the largest differ", [][]uint64{{0}, {1<<64 - 1}, {0}, {0}}, true, 4},
		{"no quantities", [][]uint64{nil}, true, 2},
	}
	for _, c := range cases {
		ok, taken, took := settle(t, everySecond, c.readings...)
		if ok != c.ok || taken != c.taken || took != time.Duration(taken-1)*time.Second {
			t.Errorf("%s: %v after %d readings in %v, want %v after %d", c.name, ok, taken, took, c.ok, c.taken)
		}
	}
}

func TestSettleGivesUp(t *testing.T) {
	rising := make([][]uint64, 100)
	for i := range rising {
		rising[i] = []uint64{uint64(i) * 6}
	}
	if ok, taken, took := settle(t, everySecond, rising...); ok || taken != 11 || took != 10*time.Second {
		t.Errorf("%v after %d readings in %v, want false after 11 in 10s", ok, taken, took)
	}
	// Without time for it there are two readings still.
	s := everySecond
	s.Within = 0
	if ok, taken, _ := settle(t, s, rising...); ok || taken != 2 {
		t.Errorf("%v after %d readings, want false after 2", ok, taken)
	}
	if ok, taken, _ := settle(t, Settling{}, []uint64{1}); !ok || taken != 2 {
		t.Errorf("%v after %d readings, want true after 2", ok, taken)
	}
}

func TestSettleEndsWithAnError(t *testing.T) {
	wrong := errors.New("wrong")
	for after := range 3 {
		n := 0
		_, err := Settle(t.Context(), Settling{Within: time.Hour}, func() ([]uint64, error) {
			if n++; n > after {
				return nil, wrong
			}
			return []uint64{uint64(n)}, nil
		})
		if err != wrong || n != after+1 {
			t.Errorf("%v after %d readings", err, n)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := Settle(ctx, Settling{Every: time.Hour}, func() ([]uint64, error) { return nil, nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v is not Canceled", err)
	}
}
