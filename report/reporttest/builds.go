package reporttest

import (
	"math/rand/v2"
	"slices"

	"edgebench/results"
)

// builds adds a build in c+simd, twice as fast as that in c, to some systems,
// and an image on a distribution's base. It has a generator of its own, so that
// what it adds changes no other figure.
func (g *generator) builds() {
	g.random = rand.New(rand.NewPCG(g.plan.Seed, 2))
	for _, s := range systems() {
		switch s.System.String() {
		case "wazero/compiler", "wasmtime/aot", "process/plain":
			faster := s
			for i := range faster.rungs {
				faster.rungs[i] /= 2
			}
			from := len(g.plan.Trials)
			for block := range Blocks {
				g.coldStarts(faster, "rewrite", block)
			}
			g.throughput(faster, 0, 1, results.Hot, faster.rungs[4])
			sizes(g.trial(results.Size, s, "rewrite", results.Deploy, 0, warm()), 1.2*s.size)
			g.rename(from, "c+simd")
		case "docker/runc-none":
			from := len(g.plan.Trials)
			r := g.trial(results.Size, s, "rewrite", results.Deploy, 0, warm())
			sizes(r, 124e6)
			r.Facts[results.ArtefactKind] = "image"
			r.Metrics[slices.IndexFunc(r.Metrics, func(m results.Metric) bool { return m.Name == results.Layers })].Values[0] = 2
			g.rename(from, "go+debian")
		}
	}
}

// rename makes all trials from a place on those of another build.
func (g *generator) rename(from int, language string) {
	for i := from; i < len(g.plan.Trials); i++ {
		g.plan.Trials[i].Cell.Language = language
		g.records[i].Cell.Language = language
	}
}

// sizes fills in a size trial.
func sizes(r *results.Record, shipped float64) {
	in := func(name, unit string, v float64) {
		r.Metrics = append(r.Metrics, results.Metric{Name: name, Unit: unit, Values: []float64{v}})
	}
	kind := "wasm"
	in(results.ArtefactSize, results.Bytes, shipped)
	in(results.CompressedSize, results.Bytes, shipped/2)
	switch r.Cell.Runner {
	case "process":
		kind = "native"
	case "oci", "docker":
		kind = "native"
		in(results.UncompressedSize, results.Bytes, shipped-512)
		in(results.Layers, results.Count, 1)
	}
	in(results.PreparedSize, results.Bytes, shipped*4)
	r.Facts = map[string]string{results.ArtefactKind: kind}
}
