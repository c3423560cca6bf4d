package host

import "testing"

// BenchmarkNow is one reading beside a trial, on this machine.
func BenchmarkNow(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Now()
	}
}
