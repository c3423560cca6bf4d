package reporttest

import (
	"math/rand/v2"
	"slices"

	"edgebench/bench/experiment/size"
	"edgebench/bench/experiment/throughput"
	"edgebench/results"
)

// builds adds a build in c+simd, twice as fast as that in c, to some systems, and
// an image on a distribution's base. It uses a separate random generator, so that
// it changes no other figure.
func (g *generator) builds() {
	g.random = rand.New(rand.NewPCG(g.plan.Seed, 2))
	for _, s := range systems() {
		switch s.System.String() {
		case "wazero/compiler", "wasmtime/aot", "process/plain":
			faster := s
			for i := range faster.rungs {
				faster.rungs[i] /= 2
			}
			simd := results.Artefact{Workload: "rewrite", Build: "c+simd"}
			for range Blocks {
				g.coldStarts(faster, simd, g.trial)
			}
			c := cell(throughput.Name, s, simd.Workload, throughput.Params(throughput.Reused, 1))
			c.Build = simd.Build
			g.throughput(c, faster.rungs[4])
			c.Experiment, c.Params = size.Name, ""
			sizes(g.trial(c), 1.2*s.size)
		case "docker/runc-none":
			c := cell(size.Name, s, "rewrite", "")
			c.Build = "go+debian"
			r := g.trial(c)
			sizes(r, 124e6)
			r.Kind = "image"
			r.Metrics[slices.IndexFunc(r.Metrics, func(m results.Metric) bool { return m.Name == size.Layers })].Values[0] = 2
		}
	}
}

// sizes fills in a size trial.
func sizes(r *results.Record, shipped float64) {
	in := func(name, unit string, v float64) {
		r.Metrics = append(r.Metrics, results.Metric{Name: name, Unit: unit, Values: []float64{v}})
	}
	kind := "wasm"
	in(size.Artefact, results.Bytes, shipped)
	in(size.Compressed, results.Bytes, shipped/2)
	switch r.Runner {
	case "process":
		kind = "native"
	case "oci", "docker":
		kind = "native"
		in(size.Uncompressed, results.Bytes, shipped-512)
		in(size.Layers, results.Count, 1)
	}
	in(size.Prepared, results.Bytes, shipped*4)
	r.Kind = kind
}
