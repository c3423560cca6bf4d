package agent

import (
	"testing"
	"time"
)

// The second shortest reading counts, and of long iterations a later one.
func TestReadingCountsFromTheSecond(t *testing.T) {
	const long = 250 * time.Microsecond
	many := make([]time.Duration, 1000)
	for i := range many {
		many[i] = time.Duration(2 * (len(many) - i))
	}
	for _, c := range []struct {
		readings                      []time.Duration
		reading, longReading, longest time.Duration
	}{
		{nil, 0, 0, 0},
		{[]time.Duration{5}, 0, 0, 0},
		{[]time.Duration{5, 7}, 7, 0, 0},
		{[]time.Duration{7, 5, 9}, 7, 0, 0},
		{[]time.Duration{9, 5, 7, 5}, 5, 9, 0},
		{many, 4, 8, 24},
	} {
		var p prober
		for _, took := range c.readings {
			p.add(took)
		}
		short, long, longest := p.reading(0), p.reading(long), p.reading(time.Minute)
		if short != c.reading || long != c.longReading || longest != c.longest {
			t.Errorf("%d readings: got %v, %v and %v instead of %v, %v and %v", len(c.readings), short, long, longest, c.reading, c.longReading, c.longest)
		}
		if p.uncontended(6, 0) != (c.reading > 0 && c.reading <= 6) || !p.uncontended(0, 0) {
			t.Errorf("%d readings: %v is uncontended: %v", len(c.readings), c.reading, p.uncontended(6, 0))
		}
	}
}
