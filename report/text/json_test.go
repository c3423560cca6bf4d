package text_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"edgebench/report/model"
	"edgebench/report/text"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// What is written is what the schema describes, also of hostile records.
func TestJSONConformsToItsSchema(t *testing.T) {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text.ReportSchema))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("report.schema.json", doc); err != nil {
		t.Fatal(err)
	}
	schema := c.MustCompile("report.schema.json")
	for name, m := range map[string]*model.Model{"good": good(), "hostile": hostile()} {
		var b bytes.Buffer
		if err := text.JSON(&b, m); err != nil {
			t.Fatal(err)
		}
		v, err := jsonschema.UnmarshalJSON(&b)
		if err != nil {
			t.Fatal(err)
		}
		if err := schema.Validate(v); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestJSONHoldsTheTableAndAllSummaries(t *testing.T) {
	var b bytes.Buffer
	if err := text.JSON(&b, good()); err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Table []struct {
			Property, Verdict string
			Classes           []struct {
				Name  string
				Cells []struct {
					Runner   string
					Estimate *struct{ Median, Low, High float64 }
				}
			}
		}
		Figures []json.RawMessage
	}
	if err := json.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Figures) != len(good().Export.Summaries) {
		t.Errorf("%d figures, want %d", len(doc.Figures), len(good().Export.Summaries))
	}
	row := doc.Table[0]
	cell := row.Classes[0].Cells[0]
	want := good().Table.Rows[0].Classes[0].Cells[0].Entry.Estimate
	if row.Property != "cold start" || row.Verdict != "depends" || cell.Runner != "docker" {
		t.Errorf("the first row is %+v", row)
	}
	if e := cell.Estimate; e == nil || e.Median != want.Value || e.Low != want.Interval.Low || e.High != want.Interval.High {
		t.Errorf("the first cell is %+v, want %+v", e, want)
	}
}
