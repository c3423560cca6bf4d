//go:build !linux

package host

// Moment holds the machine's activity counters; it is empty on this system.
type Moment struct{}

// Now takes a moment.
func Now() Moment { return Moment{} }

// Since gives nothing: this system does not report its activity.
func (Moment) Since(Moment) map[string]float64 { return nil }
