package host

import (
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
)

// BenchmarkNow is one reading beside a trial, on this machine.
func BenchmarkNow(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Now()
	}
}

// BenchmarkStat reads /proc/stat of a machine with 64 processors, here and by
// procfs. The package's doc comment quotes it.
func BenchmarkStat(b *testing.B) {
	const processors, columns = 64, " 1234567 1234 345678 123456789 12345 0 12345 1234 0 0\n"
	var text strings.Builder
	text.WriteString("cpu " + columns)
	for i := range processors {
		fmt.Fprintf(&text, "cpu%d%s", i, columns)
	}
	text.WriteString("intr 123456789" + strings.Repeat(" 0 123", 4*processors) + "\nctxt 5\nprocesses 7\n")
	m := lay(b, fstest.MapFS{"proc/stat": {Data: []byte(text.String())}})
	b.Run("here", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if m.cpuTimes().cpus != processors {
				b.Fatal("not all processors are there")
			}
		}
	})
	b.Run("procfs", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if stat, err := m.proc.Stat(); err != nil || len(stat.CPU) != processors {
				b.Fatal("not all processors are there", err)
			}
		}
	})
}
