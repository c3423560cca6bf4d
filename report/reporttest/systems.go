package reporttest

import "edgebench/results"

// A system with invented figures: seconds for each rung (0: it has none), bytes
// an instance, the number of instances that it carries and what stops it.
type system struct {
	results.System
	version     string
	released    string // "" if it is unknown
	unavailable string
	rungs       [5]float64 // in the order of results.Rungs
	memory      float64
	most        int
	stop        results.Stop
	size        float64
}

func systems() []system {
	const (
		us = 1e-6
		ms = 1e-3
	)
	releases := map[string]string{"v1.12.0": "2025-12-20", "v44.0.0": "2025-11-20", "v1.0.4": "2021-08-12", "20.10.24": "2023-04-04"}
	s := func(runner, mode, version string, rungs [5]float64, memory float64, most int, stop results.Stop, size float64) system {
		return system{results.System{Runner: runner, Mode: mode}, version, releases[version], "", rungs, memory, most, stop, size}
	}
	budget := results.Stop{Reason: results.StopBudget, Resource: results.ResourceInstances, Limit: 2000}
	list := []system{
		s("wazero", "compiler", "v1.12.0", [5]float64{9 * ms, 4 * ms, 420 * us, 31 * us, 0.31 * us}, 92e3, 2000, budget, 3100),
		s("wazero", "interpreter", "v1.12.0", [5]float64{1.1 * ms, 3 * ms, 350 * us, 30 * us, 2.2 * us}, 84e3, 2000, budget, 3100),
		s("wasmtime", "jit", "v44.0.0", [5]float64{5 * ms, 9 * ms, 4.6 * ms, 14 * us, 0.15 * us}, 70e3, 2000, budget, 3100),
		s("wasmtime", "aot", "v44.0.0", [5]float64{5.2 * ms, 6 * ms, 95 * us, 14 * us, 0.15 * us}, 70e3, 2000, budget, 3100),
		s("wasmtime", "aot-pooling", "v44.0.0", [5]float64{5.2 * ms, 6 * ms, 78 * us, 3.1 * us, 0.15 * us}, 66e3, 2000, budget, 3100),
		s("wasmer", "cranelift-aot", "v1.0.4", [5]float64{14 * ms, 11 * ms, 1.6 * ms, 60 * us, 1.4 * us}, 210e3, 1610, *results.Stopped("instance 1611: mmap: cannot allocate memory"), 3100),
		s("process", "plain", "linux 6.1", [5]float64{0.9 * ms, 0.62 * ms, 0.55 * ms, 60 * us, 8 * us}, 180e3, 2000, budget, 23e3),
		s("oci", "embedded", "linux 6.1", [5]float64{9 * ms, 6.1 * ms, 5.4 * ms, 70 * us, 8.5 * us}, 640e3, 2000, budget, 25e3),
		s("oci", "runc", "1.1.5", [5]float64{43 * ms, 39 * ms, 37 * ms, 0, 8.5 * us}, 700e3, 900, results.Stop{Reason: results.StopBudget, Resource: results.ResourceTime, Limit: 20}, 25e3),
		s("docker", "runc-none", "20.10.24", [5]float64{480 * ms, 0, 242 * ms, 13 * ms, 24 * us}, 4.1e6, 511, *results.Stopped("instance 512: cannot allocate memory"), 25e3),
		s("docker", "runc-host", "20.10.24", [5]float64{340 * ms, 0, 106 * ms, 12 * ms, 24 * us}, 4.0e6, 511, *results.Stopped("instance 512: cannot allocate memory"), 25e3),
		s("docker", "runsc-none", "", [5]float64{}, 0, 0, results.Stop{}, 0),
	}
	list[len(list)-1].unavailable = "the engine has no runtime runsc; install gVisor and add it to daemon.json"
	return list
}
