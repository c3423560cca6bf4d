package report

import (
	"cmp"
	"slices"
)

// toolchains groups the artefacts by what made them.
func (b *builder) toolchains() []Toolchain {
	var list []Toolchain
	for _, a := range b.env.Artefacts {
		if a.Unavailable != "" || a.Toolchain == "" {
			continue
		}
		i := slices.IndexFunc(list, func(t Toolchain) bool {
			return t.Language == a.Language && t.Kind == a.Kind && t.Tools == a.Toolchain && t.Flags == a.Flags
		})
		if i < 0 {
			i = len(list)
			list = append(list, Toolchain{Language: a.Language, Kind: a.Kind, Tools: a.Toolchain, Flags: a.Flags})
		}
		list[i].Workloads = append(list[i].Workloads, a.Workload)
	}
	slices.SortStableFunc(list, func(x, y Toolchain) int {
		return cmp.Or(cmp.Compare(x.Language, y.Language), cmp.Compare(x.Kind, y.Kind))
	})
	if len(list) > maxRows {
		b.warn("%d more toolchains are not listed; the environment has them all", len(list)-maxRows)
		list = list[:maxRows]
	}
	return list
}

// Artefact names what was made, e.g. "c+simd module".
func (t Toolchain) Artefact() string { return t.Language + " " + kindWord(t.Kind) }
