package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
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

// writeDocument writes a JSON document as a whole or not at all: under a
// temporary name first, forced to the disk and then renamed.
func writeDocument(path string, v any) (err error) {
	data, err := encode(v, "\t")
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if len(data) > MaxDocument {
		return fmt.Errorf("%s would have %d bytes, at most %d can be read", path, len(data), MaxDocument)
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = both(err, os.Remove(file.Name()))
		}
	}()
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		// CreateTemp keeps others out, but a run is there to be shared.
		err = os.Chmod(file.Name(), 0o644)
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	return err
}

// complete gives the record as it is written: empty lists and maps in place of
// null, so that no reader in another language has to tell them apart, and the
// time in UTC.
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
	p.Table.Containers = list(p.Table.Containers)
	p.Table.Wasm = list(p.Table.Wasm)
	p.Table.Fallback = list(p.Table.Fallback)
	return p
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
