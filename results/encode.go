package results

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// encode gives v as JSON that ends in a newline. Without an indent that is the
// only newline in it. "<" stays "<", since people read these files.
func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", indent)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// encodePlan gives a plan as it is written: indented like any document, but with
// one specification in a line, of which there are hundreds.
func encodePlan(p Plan) ([]byte, error) {
	specs := p.Specs
	p.Specs = nil
	text, err := encode(p.complete(), "\t")
	if err != nil || len(specs) == 0 {
		return text, err
	}
	const end = "]\n}\n" // of an empty list, which is the last member
	b := bytes.NewBuffer(bytes.TrimSuffix(text, []byte(end)))
	for i := range specs {
		line, err := encode(&specs[i], "")
		if err != nil {
			return nil, fmt.Errorf("spec %d: %w", i, err)
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n\t\t")
		b.Write(bytes.TrimSuffix(line, []byte("\n")))
	}
	b.WriteString("\n\t" + end)
	return b.Bytes(), nil
}

// encodeEnvironment gives an environment as it is written.
func encodeEnvironment(e Environment) ([]byte, error) { return encode(e.complete(), "\t") }

// complete returns the record as it is written: with empty lists and maps instead
// of null, so that readers need not distinguish them, and with the time in UTC.
func (r Record) complete() Record {
	r.At = r.At.UTC()
	r.Metrics = list(r.Metrics)
	r.Phases = list(r.Phases)
	r.Warnings = list(r.Warnings)
	return r
}

// complete gives the plan as it is written.
func (p Plan) complete() Plan {
	p.Specs = list(p.Specs)
	p.Table = p.Table.complete()
	return p
}

// complete gives the table as it is written.
func (t Table) complete() Table {
	t.Classes = append([]Class{}, t.Classes...)
	for i, c := range t.Classes {
		t.Classes[i].Artefacts, t.Classes[i].Systems = list(c.Artefacts), list(c.Systems)
	}
	return t
}

// complete gives the environment as it is written.
func (e Environment) complete() Environment {
	e.At = e.At.UTC()
	e.Systems = list(e.Systems)
	e.Artefacts = list(e.Artefacts)
	e.Command = list(e.Command)
	e.Host.Settings = table(e.Host.Settings)
	return e
}

func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

func table(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

// both joins two errors, either of which may be nil, in one line.
func both(err, also error) error {
	switch {
	case err == nil:
		return also
	case also == nil:
		return err
	}
	return fmt.Errorf("%w; and then %w", err, also)
}
