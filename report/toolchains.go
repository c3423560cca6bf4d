package report

import (
	"cmp"
	"slices"

	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/view"
)

// toolchains groups the artefacts by what made them.
func toolchains(v *view.View) []model.Toolchain {
	var list []model.Toolchain
	for _, a := range v.Env.Artefacts {
		if a.Unavailable != "" || a.Toolchain == "" {
			continue
		}
		i := slices.IndexFunc(list, func(t model.Toolchain) bool {
			return t.Build == a.Build && t.Kind == a.Kind && t.Tools == a.Toolchain && t.Flags == a.Flags
		})
		if i < 0 {
			i = len(list)
			list = append(list, model.Toolchain{Build: a.Build, Kind: a.Kind,
				Artefact: a.Build + " " + format.Kind(a.Kind), Tools: a.Toolchain, Flags: a.Flags})
		}
		list[i].Workloads = append(list[i].Workloads, a.Workload)
	}
	slices.SortStableFunc(list, func(x, y model.Toolchain) int {
		return cmp.Or(cmp.Compare(x.Build, y.Build), cmp.Compare(x.Kind, y.Kind))
	})
	if len(list) > view.MaxRows {
		v.Warn("%d more toolchains are not listed; the environment has them all", len(list)-view.MaxRows)
		list = list[:view.MaxRows]
	}
	return list
}
