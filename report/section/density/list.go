package density

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"edgebench/bench/experiment/density"
	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// none stands for a figure that a cell has not.
const none = "–"

func list(v *view.View, x section.Variant, all densities) *model.List {
	l := &model.List{
		ID: x.ID("live"), Title: x.Title("Live instances"), Of: x.Subject("Live instances"),
		Columns: []model.Column{
			{Label: "Maximum", Explanation: "instances in the trial that reached the most", Unit: results.Count},
			{Label: "Minimum", Explanation: "instances in the trial that reached the fewest", Unit: results.Count},
			{Label: "First process", Explanation: "instances of the first process when it reached a limit of its own, and which", Unit: results.Count},
			{Label: "Probe p99", Explanation: "99th percentile of requests to random live instances at the last step, in the slowest trial", Unit: results.Seconds},
			{Label: "Computed", Explanation: "not reached: how many the memory would hold, by what each further instance took of it", Unit: results.Count},
			{Label: "Trials"}, {Label: "Stopped by"},
		},
		Legend: "largest number of live instances; ≥ marks a trial that ended at its budget, not at a limit",
	}
	if limited(x.Params) {
		l.Columns = slices.Insert(l.Columns, 0, model.Column{Label: "Per GiB",
			Explanation: "instances for each GiB of the limit of memory that all processes of a trial share (median of trials)", Unit: results.Count})
	}
	for _, s := range v.Systems {
		c := x.Cell(density.Name, s, x.Params)
		if t, known := v.Tally(c); known && len(l.Items) < view.MaxRows && (s.Unavailable == "" || t.OK > 0) {
			l.Items = append(l.Items, item(v, s, c, all))
		}
	}
	return l
}

// limited says that all processes of a trial share a limit of memory.
func limited(p results.Params) bool { return p.Get(density.MemoryLimitParam) != "" }

func item(v *view.View, s model.System, c results.Cell, all densities) model.Item {
	i := model.Item{System: s}
	i.State, i.Why = all.state(v, c)
	d, ok := all[c]
	if !ok {
		return i
	}
	most := format.LowerBound(format.Quantity(d.Maximum, results.Count), d.LowerBound)
	minimum := format.Quantity(d.Minimum, results.Count)
	stopped, process, p99, computed := stops(d.Stops()), firstProcess(d), slowest(d), computedText(v, c, d)
	i.Cells = []string{most, minimum, process, p99, computed, strconv.Itoa(len(d.Trials)), stopped}
	i.Line = most
	if d.Minimum < d.Maximum {
		i.Line += ", minimum " + minimum
	}
	i.Line += fmt.Sprintf(" (n = %d); %s", len(d.Trials), stopped)
	for _, more := range [][2]string{{"first process ", process}, {"probe p99 ", p99}, {"computed, not reached: ", computed}} {
		if more[1] != none {
			i.Line += "; " + more[0] + more[1]
		}
	}
	if limited(c.Params) {
		each := none
		if e := v.Entry(c, density.PerGiB); e.State == model.Measured {
			each = estimated(e.Estimate)
		}
		i.Cells = slices.Insert(i.Cells, 0, each)
		i.Line = each + " for each GiB; " + i.Line
	}
	return i
}

func stops(list []results.Stop) string {
	var texts []string
	for _, stop := range list {
		texts = append(texts, format.Stop(stop))
	}
	return strings.Join(texts, "; ")
}

// firstProcess says how many instances the first process held, and what stopped it.
func firstProcess(d estimate.Density) string {
	least, most := d.PerProcess()
	if most == 0 {
		return none
	}
	text := format.Quantity(least, results.Count)
	if least < most {
		text += " to " + format.Quantity(most, results.Count)
	}
	for _, stop := range d.ProcessStops() {
		text += ", " + format.StopShort(stop)
	}
	return text
}

// slowest is the probe's latency in the trial in which it was longest.
func slowest(d estimate.Density) string {
	p99 := 0.0
	for _, t := range d.Trials {
		p99 = max(p99, t.ProbeP99)
	}
	if p99 == 0 {
		return none
	}
	return format.Quantity(p99, results.Seconds)
}

// computedText says how many instances the memory would hold, where a budget ended
// the trials before.
func computedText(v *view.View, c results.Cell, d estimate.Density) string {
	e := v.Entry(c, estimate.ComputedInstances)
	if !d.LowerBound || e.State != model.Measured {
		return none
	}
	return estimated(e.Estimate)
}

// estimated prints a median with its interval, or says that it has none.
func estimated(e estimate.Estimate) string {
	text := format.Estimated(e)
	if e.Interval == nil {
		text += fmt.Sprintf(" (indicative, n = %d)", e.Trials)
	}
	return text
}

// notes say how many instances the memory would hold of the systems of the table's
// classes, where a budget ended the trials before.
func notes(v *view.View, all densities) (list []string) {
	var texts []string
	for _, class := range v.Classes() {
		planned, _ := v.ClassCells(class, density.Name, "")
		for _, c := range planned {
			d, ok := all[c]
			if !ok || limited(c.Params) {
				continue
			}
			text := fmt.Sprintf("%s, %s %s", c.System, c.Artefact, computedText(v, c, d))
			if !strings.HasSuffix(text, none) && !slices.Contains(texts, text) {
				texts = append(texts, text)
			}
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return []string{"computed, not reached: the node's memory would hold " + strings.Join(texts, "; ")}
}
