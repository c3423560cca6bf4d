//go:build !linux

package host

// Moment is what the machine had done up to one moment. Here it tells nothing.
type Moment struct{}

// Now takes a moment.
func Now() Moment { return Moment{} }

// Since says what went on after an earlier moment: here that is unknown.
func (Moment) Since(Moment) map[string]float64 { return nil }
