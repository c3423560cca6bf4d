package report

import (
	"runtime"
	"slices"
	"sync"

	"edgebench/bench/stat"
	"edgebench/results"
)

// summarise makes the summaries that all sections draw from.
func (b *builder) summarise() {
	var wanted []*stat.Sample
	for _, s := range b.samples.All() {
		if s.Experiment != results.Memory && s.Experiment != results.Density {
			wanted = append(wanted, s) // the others hold values by step, see slopes
		}
	}
	wanted = append(wanted, b.slopes()...)
	for _, d := range b.densities {
		wanted = append(wanted, d.Sample())
	}
	done := make([]stat.Summary, len(wanted))
	parallel(len(wanted), func(i int) {
		done[i] = stat.Summarise(wanted[i])
	})
	for _, s := range done {
		b.summary[s.Key] = s
	}
}

// slopes derives what each further instance costs, and the fixed cost.
func (b *builder) slopes() []*stat.Sample {
	var all []*stat.Sample
	for _, instances := range b.samples.All() {
		if instances.Experiment != results.Memory || instances.Metric != results.Instances {
			continue
		}
		for _, metric := range stat.MemoryMetrics() {
			key := instances.Key
			key.Metric = metric
			s := b.samples.Get(key)
			if s == nil {
				continue
			}
			slope, fixed, refused := stat.Slopes(instances, s)
			b.refuse(refused)
			if slope != nil {
				b.derived[slope.Key], b.derived[fixed.Key] = slope, fixed
				all = append(all, slope, fixed)
			}
		}
	}
	return all
}

// summaries lists all of them in the order of their keys.
func (b *builder) summaries() []stat.Summary {
	list := make([]stat.Summary, 0, len(b.summary))
	for _, s := range b.summary {
		list = append(list, s)
	}
	slices.SortFunc(list, func(x, y stat.Summary) int {
		return x.Key.Compare(y.Key)
	})
	return list
}

// parallel calls f for 0 to n−1, several at a time. The calls do not depend on
// each other, so the outcome does not depend on their order.
func parallel(n int, f func(i int)) {
	var wait sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wait.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wait.Wait()
}
