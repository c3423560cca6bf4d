package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// decode reads one JSON value into v. A field that this program does not know
// is passed over: it comes from a later version, and an addition does not
// change what the rest means, or else it would have raised the schema.
func decode(data []byte, v any) error {
	if n := bytes.Count(data, []byte("{")); n > maxObjects {
		return fmt.Errorf("there are %d objects, at most %d are read", n, maxObjects)
	}
	return json.Unmarshal(data, v)
}

// decodeAny reads a document of any schema: of schema 1 through its old form.
func decodeAny[Old, New any](data []byte, v *New, convert func(Old) (New, error)) error {
	var version struct {
		Schema int `json:"schema"`
	}
	if err := decode(data, &version); err != nil {
		return err
	}
	if err := checkSchema(version.Schema); err != nil {
		return err
	}
	if version.Schema != 1 {
		return decode(data, v)
	}
	var old Old
	if err := decode(data, &old); err != nil {
		return err
	}
	var err error
	*v, err = convert(old)
	return err
}

func decodeRecord(line []byte, r *Record) error {
	if len(bytes.TrimSpace(line)) == 0 {
		return errors.New("the line is empty")
	}
	if err := decodeAny(line, r, recordV1.record); err != nil {
		return err
	}
	if holdsNull(line) {
		return errors.New("null is not a value: leave out what is not known")
	}
	return r.Validate()
}

func decodePlan(data []byte, p *Plan) error {
	if err := decodeAny(data, p, planV1.plan); err != nil {
		return err
	}
	if err := p.Validate(); err != nil {
		return err
	}
	for i, s := range p.Specs {
		if len(s.Effort) == 0 {
			continue
		}
		// As it was before it was written, without what indents it.
		var compact bytes.Buffer
		if err := json.Compact(&compact, s.Effort); err != nil {
			return fmt.Errorf("spec %d: effort: %w", i, err)
		}
		p.Specs[i].Effort = compact.Bytes()
	}
	return nil
}

func decodeEnvironment(data []byte, e *Environment) error {
	if err := decodeAny(data, e, environmentV1.environment); err != nil {
		return err
	}
	return e.Validate()
}
