package results

import _ "embed" // for SchemaJSON

// SchemaJSON is the JSON Schema (2020-12) of a line of records.jsonl, with that of
// plan.json under $defs/plan and that of environment.json under $defs/environment.
// It is strict: only what it names is written.
//
//go:embed schema.json
var SchemaJSON []byte
