package report

import (
	"edgebench/bench/stat"
	"edgebench/results"
)

// tableRung is the rung of the table's cold start: the runtime runs and the
// artefact is prepared on disk, which is where a node at the edge stands when a
// request for something that is not live comes in.
const tableRung = results.Cold

// property is a row of the table before anything is filled in.
type property struct {
	name  string
	claim Claim
	// containers and wasm are the bounds by which each side is judged.
	containers, wasm *stat.Bound
	notes            []string
}

func bound(b stat.Bound) *stat.Bound { return &b }

const (
	mebi = 1 << 20
	// thousands is the least number that "thousands" can mean.
	thousands = 1000
)

// The claims are those of the table that this suite sets out to check. Where a
// claim is in words, the number that it is judged by is printed beside it.

func coldStartClaim() property {
	return property{
		name: "cold start",
		claim: Claim{Containers: "100 ms – seconds", Wasm: "< 1 ms typical",
			ContainersBound: "≥ 100 ms", WasmBound: "< 1 ms"},
		containers: bound(stat.AtLeast(0.1)),
		wasm:       bound(stat.Below(0.001)),
	}
}

func imageSizeClaim() property {
	return property{
		name: "image size",
		claim: Claim{Containers: "tens – hundreds of MB", Wasm: "KB – low MB",
			ContainersBound: "≥ 10 MiB", WasmBound: "< 5 MiB"},
		containers: bound(stat.AtLeast(10 * mebi)),
		wasm:       bound(stat.Below(5 * mebi)),
		notes:      []string{"the images measured here are made from scratch and hold one static binary; an image on a distribution's base is larger by that base"},
	}
}

func densityClaim() property {
	return property{
		name: "density",
		claim: Claim{Containers: "moderate", Wasm: "thousands a node",
			ContainersBound: "< 1,000 live instances", WasmBound: "≥ 1,000 live instances"},
		containers: bound(stat.Below(thousands)),
		wasm:       bound(stat.AtLeast(thousands)),
	}
}

func memoryClaim() property { return property{name: "memory per instance"} }

func throughputClaim() property { return property{name: "throughput"} }

func isolationClaim() property {
	return property{
		name:  "isolation",
		claim: Claim{Containers: "OS namespaces", Wasm: "VM-level capability sandbox"},
	}
}

func portabilityClaim() property {
	return property{
		name:  "portability",
		claim: Claim{Containers: "an image per architecture", Wasm: "one binary, any host"},
	}
}
