package figure

import "edgebench/report/model"

// ColourName names the variable of Style that has the colour of a system's runner.
func ColourName(s model.System) string { return pigmentOf(s).name }

// PhaseColourName names the variable of Style that has the colour of a phase.
func PhaseColourName(phase string) string { return stageOf(phase).name }

// Dashes of a system's line in pixels; none for a line without gaps.
func Dashes(s model.System, all []model.System) []float64 {
	var list []float64
	for _, length := range dashesOf(s, all) {
		list = append(list, length.Points())
	}
	return list
}
