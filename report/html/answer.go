package html

import (
	"fmt"
	"math"

	"edgebench/bench/stat"
	"edgebench/bench/stat/estimate"
	"edgebench/report/figure"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/results"
)

// answer is the table's first form: a line for each property, with the lead pair.
type answer struct {
	Ticks []tick
	Rows  []answerRow
}

// tick of the common axis, in per cent from its left.
type tick struct {
	At    float64
	Label string
}

type answerRow struct {
	model.TableRow
	Containers, Wasm []answerCell
	Bars             []answerBar
	// NoFactor says why there are no bars.
	NoFactor string
	// Evidence holds the classes that have cells.
	Evidence []answerClass
	// Reasons say for which classes the claim holds, or why nothing is shown.
	Reasons []string
}

// answerCell is a figure of the lead pair.
type answerCell struct {
	model.CellResult
	Link string
}

type answerClass struct {
	model.ClassResult
	Cells []answerCell
}

// answerBar runs from equality to how many times better a module is. All are in per
// cent of the axis.
type answerBar struct {
	System, Colour, Written     string
	Left, Width, From, Over, At float64
	Whisker                     bool
}

func answerOf(m *model.Model) answer {
	links := linksOf(m)
	scale := scaleOf(m)
	a := answer{Ticks: scale.ticks()}
	for _, r := range m.Table.Rows {
		row := answerRow{TableRow: r, Reasons: because(r)}
		pair := r.Pair()
		row.Containers, row.Wasm = answerCells(pair.Containers, links), answerCells(pair.Wasm, links)
		row.NoFactor = pair.NoFactor()
		for _, x := range pair.Advantages {
			row.Bars = append(row.Bars, scale.bar(x))
		}
		for _, c := range r.Classes {
			if len(c.Cells) > 0 {
				row.Evidence = append(row.Evidence, answerClass{c, answerCells(&c, links)})
			}
		}
		a.Rows = append(a.Rows, row)
	}
	return a
}

// because says for which classes a claim holds. How many classes the run has no
// trials for is of no use to a reader, and not said.
func because(r model.TableRow) []string {
	var kept []model.ClassResult
	for _, c := range r.Classes {
		if len(c.Cells) > 0 {
			kept = append(kept, c)
		}
	}
	if len(kept) > 0 || len(r.Classes) == 0 {
		r.Classes = kept
		return r.Because(nil)
	}
	return []string{"not part of this run"}
}

// linksOf gives the fragment of each figure.
func linksOf(m *model.Model) map[stat.Key]string {
	links := map[stat.Key]string{}
	for i, f := range m.Figures {
		links[stat.Key{Cell: f.Cell, Metric: f.Metric}] = fragment(i)
	}
	return links
}

// fragment leads to the trials of a listed figure, and without script to its row.
func fragment(index int) string { return fmt.Sprintf("trials-%d", index) }

func answerCells(c *model.ClassResult, links map[stat.Key]string) []answerCell {
	if c == nil {
		return nil
	}
	var list []answerCell
	for _, x := range c.Cells {
		list = append(list, answerCell{x, links[x.Entry.Key]})
	}
	return list
}

// links are those of all figures in the table.
func (a answer) links() map[string]bool {
	links := map[string]bool{}
	for _, r := range a.Rows {
		for _, c := range r.Evidence {
			for _, x := range c.Cells {
				links[x.Link] = true
			}
		}
	}
	return links
}

// advantageScale is the common logarithmic axis, in powers of ten.
type advantageScale struct{ low, high float64 }

// scaleOf spans the advantages of all rows, at least from 1 to 10.
func scaleOf(m *model.Model) advantageScale {
	s := advantageScale{0, 1}
	for _, r := range m.Table.Rows {
		for _, a := range r.Pair().Advantages {
			power := max(-12, min(12, math.Log10(a.Ratio.Value)))
			s.low, s.high = min(s.low, math.Floor(power)), max(s.high, math.Ceil(power))
		}
	}
	return s
}

func (s advantageScale) at(ratio float64) float64 {
	return 100 * max(0, min(1, (math.Log10(ratio)-s.low)/(s.high-s.low)))
}

// ticks are at powers of ten, four at most.
func (s advantageScale) ticks() []tick {
	every := math.Ceil((s.high - s.low) / 3)
	var list []tick
	for p := math.Ceil(s.low/every) * every; p <= s.high; p += every {
		list = append(list, tick{s.at(math.Pow(10, p)), format.Round(math.Pow(10, math.Abs(p)), results.Count)})
	}
	return list
}

func (s advantageScale) bar(a model.Advantage) answerBar {
	one, at := s.at(1), s.at(a.Ratio.Value)
	b := answerBar{System: a.System.Name, Colour: figure.ColourName(a.System), Written: a.Written,
		Left: min(one, at), Width: math.Abs(at - one), At: at}
	if i := a.Ratio.Interval; i != nil && i.Method != estimate.Exact && i.Low > 0 {
		b.Whisker, b.From, b.Over = true, s.at(i.Low), s.at(i.High)-s.at(i.Low)
	}
	return b
}
