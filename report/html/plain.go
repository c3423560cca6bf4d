package html

import (
	"edgebench/report/model"
)

// plainRow is a line of the table of all cells for readers without script.
type plainRow struct {
	ID                                 string
	System, Experiment, Artefact, With string
	Figure                             dataFigure
	Metric, State                      string
}

// plainRows has a line for each cell with the figure that stands for it, and for each
// further figure that the answer links to. What has no figure comes last.
func plainRows(m *model.Model, d *data, a answer) []plainRow {
	linked := a.links()
	var measured, others []plainRow
	for i, f := range m.Figures {
		if !f.Headline && !linked[fragment(i)] {
			continue
		}
		row := plainRow{ID: fragment(i), System: f.System.Name, Experiment: string(f.Cell.Experiment), Artefact: f.Cell.Artefact.String(),
			With: f.Cell.Params.String(), Metric: f.Label, Figure: d.Figures[i]}
		if f.Entry.State == model.Measured {
			measured = append(measured, row)
			continue
		}
		row.State = f.Entry.State.Word()
		others = append(others, row)
	}
	return append(measured, others...)
}
