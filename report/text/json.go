package text

import (
	_ "embed"
	"encoding/json"
	"io"
	"time"

	"edgebench/bench/stat/compare"
	"edgebench/bench/stat/estimate"
	"edgebench/report/model"
	"edgebench/results"
)

// ReportSchema describes what JSON writes, as JSON Schema 2020-12.
//
//go:embed report.schema.json
var ReportSchema []byte

// ReportSchemaVersion is that of ReportSchema. A change of meaning raises it.
const ReportSchemaVersion = 1

// The documents that JSON writes. Values are in base units: seconds, bytes, counts,
// requests a second.
type (
	reportJSON struct {
		Schema   int            `json:"schema"`
		Run      string         `json:"run"`
		At       time.Time      `json:"at"`
		Trials   countsJSON     `json:"trials"`
		Table    []propertyJSON `json:"table"`
		Figures  []figureJSON   `json:"figures"`
		Failures []failureJSON  `json:"failures"`
		LeftOut  []leftOutJSON  `json:"left_out"`
	}
	countsJSON struct {
		Planned     int `json:"planned"`
		Adaptive    int `json:"adaptive"`
		OK          int `json:"ok"`
		Failed      int `json:"failed"`
		Unavailable int `json:"unavailable"`
		Missing     int `json:"missing"`
	}
	propertyJSON struct {
		Property string          `json:"property"`
		Verdict  compare.Verdict `json:"verdict"`
		Unit     string          `json:"unit,omitempty"`
		Measure  string          `json:"measure,omitempty"`
		Classes  []classJSON     `json:"classes"`
		Notes    []string        `json:"notes"`
	}
	classJSON struct {
		Name    string          `json:"name"`
		Side    model.Side      `json:"side"`
		Lead    bool            `json:"lead"`
		Verdict compare.Verdict `json:"verdict"`
		Cells   []cellJSON      `json:"cells"`
	}
	cellJSON struct {
		keyJSON
		Version    string        `json:"version,omitempty"`
		Released   string        `json:"released,omitempty"`
		State      model.State   `json:"state"`
		Estimate   *estimateJSON `json:"estimate,omitempty"`
		LowerBound bool          `json:"lower_bound,omitempty"`
		Why        string        `json:"why,omitempty"`
	}
	keyJSON struct {
		Runner     string             `json:"runner"`
		Mode       string             `json:"mode"`
		Workload   string             `json:"workload"`
		Build      string             `json:"build"`
		Experiment results.Experiment `json:"experiment"`
		Params     results.Params     `json:"params"`
	}
	estimateJSON struct {
		Median   float64  `json:"median"`
		Unit     string   `json:"unit"`
		Low      *float64 `json:"low,omitempty"`
		High     *float64 `json:"high,omitempty"`
		Interval string   `json:"interval,omitempty"`
		Trials   int      `json:"trials"`
		Values   int      `json:"values"`
	}
	figureJSON struct {
		keyJSON
		Metric      string             `json:"metric"`
		Estimate    estimateJSON       `json:"estimate"`
		Minimum     float64            `json:"minimum"`
		Maximum     float64            `json:"maximum"`
		Percentiles map[string]float64 `json:"percentiles,omitempty"`
		Grade       string             `json:"grade,omitempty"`
	}
	failureJSON struct {
		keyJSON
		Outcome results.Outcome `json:"outcome"`
		Reason  string          `json:"reason"`
		Trials  int             `json:"trials"`
	}
	leftOutJSON struct {
		What   string `json:"what"`
		Reason string `json:"reason"`
	}
)

// JSON writes the table, every summarised sample, the failures and what was left out
// as one object, which ReportSchema describes.
func JSON(w io.Writer, m *model.Model) error {
	c := m.Counts
	doc := reportJSON{
		Schema: ReportSchemaVersion, Run: m.Run, At: m.At,
		Trials: countsJSON{c.Planned, c.Adaptive, c.OK, c.Failed, c.Unavailable, c.Missing},
		Table:  []propertyJSON{}, Figures: []figureJSON{}, Failures: []failureJSON{}, LeftOut: []leftOutJSON{},
	}
	for _, r := range m.Table.Rows {
		doc.Table = append(doc.Table, propertyOf(r))
	}
	for _, s := range m.Export.Summaries {
		f := figureJSON{keyOf(s.Cell), s.Metric, estimateOf(s.Median), s.Minimum, s.Maximum, nil, m.Quality.Grades[s.Key].Letter}
		for _, p := range s.Percentiles {
			if f.Percentiles == nil {
				f.Percentiles = map[string]float64{}
			}
			f.Percentiles[p.Name()] = p.Value
		}
		doc.Figures = append(doc.Figures, f)
	}
	for _, f := range m.Failures {
		doc.Failures = append(doc.Failures, failureJSON{keyOf(f.Cell), f.Outcome, f.Reason, f.Trials})
	}
	for _, l := range m.LeftOut {
		doc.LeftOut = append(doc.LeftOut, leftOutJSON{l.What, l.Reason})
	}
	out := json.NewEncoder(w)
	out.SetIndent("", " ")
	return out.Encode(doc)
}

func propertyOf(r model.TableRow) propertyJSON {
	p := propertyJSON{r.Property, r.Verdict, r.Unit, r.Measure, []classJSON{}, []string{}}
	for _, c := range r.Classes {
		class := classJSON{c.Name, c.Side, c.Lead, c.Verdict, []cellJSON{}}
		for _, x := range c.Cells {
			cell := cellJSON{keyJSON: keyOf(x.Cell), Version: x.System.Version, Released: x.System.Released,
				State: x.Entry.State, LowerBound: x.LowerBound, Why: x.Entry.Why}
			if x.Entry.State == model.Measured {
				e := estimateOf(x.Entry.Estimate)
				cell.Estimate = &e
			}
			class.Cells = append(class.Cells, cell)
		}
		p.Classes = append(p.Classes, class)
	}
	p.Notes = append(p.Notes, r.Notes...)
	return p
}

func keyOf(c results.Cell) keyJSON {
	return keyJSON{c.Runner, c.Mode, c.Workload, c.Build, c.Experiment, c.Params}
}

func estimateOf(e estimate.Estimate) estimateJSON {
	x := estimateJSON{Median: e.Value, Unit: e.Unit, Trials: e.Trials, Values: e.Values}
	if i := e.Interval; i != nil {
		x.Low, x.High, x.Interval = &i.Low, &i.High, string(i.Method)
	}
	return x
}
