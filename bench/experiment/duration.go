package experiment

import (
	"fmt"
	"time"
)

// Duration is a time.Duration that TOML and JSON write as "1m30s".
type Duration time.Duration

// UnmarshalText reads Go's notation.
func (d *Duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = Duration(v)
	return err
}

// MarshalText writes Go's notation.
func (d Duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// Bounds of a configuration's values. They are small enough to reject a mistyped
// number.
const (
	MaxDuration = Duration(24 * time.Hour)
	MaxWorkers  = 4096
)

// CheckDuration rejects a duration that is not positive, exceeds MaxDuration, or
// is not shorter than the deadline.
func CheckDuration(name string, d Duration, deadline time.Duration) error {
	switch {
	case d <= 0 || d > MaxDuration:
		return fmt.Errorf("%s is %v, want more than 0s and at most %v", name, time.Duration(d), time.Duration(MaxDuration))
	case time.Duration(d) >= deadline:
		return fmt.Errorf("%s must be shorter than the deadline of %v", name, deadline)
	}
	return nil
}

// CheckConcurrency refuses numbers of workers that are below 0, which stands for one
// for each core, or absurdly high.
func CheckConcurrency(numbers []int) error {
	for _, n := range numbers {
		if n < 0 || n > MaxWorkers {
			return fmt.Errorf("concurrency is %d, want 0 (all cores) to %d", n, MaxWorkers)
		}
	}
	return nil
}
