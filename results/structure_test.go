package results

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
)

// A null is found wherever it is a value, and nowhere else.
func TestNullIsRefused(t *testing.T) {
	text, _ := encode(testRecord(0).complete(), "")
	for name, e := range map[string][2]string{
		"alone in values":     {`[0.0000123,0.1]`, `[null]`},
		"among values":        {`0.0000123`, `null`},
		"at the end":          {`0.1]`, `0.1,null]`},
		"for a list":          {`"metrics":[`, `"phases":null,"metrics":[`},
		"for a member":        {`"seq":0`, `"seq":null`},
		"for a parameter":     {`"rung":"pooled"`, `"x":null`},
		"with space":          {`"seq":0`, "\"seq\": \t null "},
		"in a later addition": {`"seq":0`, `"later":{"x":[1,null]},"seq":0`},
		"after a quote":       {`"seq":0`, `"later":"\\","x":null,"seq":0`},
	} {
		changed := bytes.Replace(text, []byte(e[0]), []byte(e[1]), 1)
		if bytes.Equal(changed, text) || !json.Valid(changed) {
			t.Fatalf("%s: %s", name, changed)
		}
		_, _, err := readLines(bytes.NewReader(changed), "x", 1)
		if err == nil {
			t.Errorf("%s is read: %s", name, changed)
		}
	}
	r := failedRecord(0, `null, "null", \null and [null] \"null\\`)
	r.Warnings = []Warning{{"null", `{"x":null}`}, {"nnnn", "\\"}, {"n", `"`}}
	r.Workload, r.Build, r.Params = "null", "n", "n=null"
	text, _ = encode(r.complete(), "")
	lines, _, err := readLines(bytes.NewReader(text), "x", 1)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if diff := same(r, lines[0].record); diff != "" {
		t.Error(diff)
	}
}

func TestStructure(t *testing.T) {
	for text, want := range map[string]string{
		``: ``, `{"a":1}`: `{"":1}`, `["\"",2]`: `["",2]`, `"\\"x`: `""x`, `"\\\"n"n`: `""n`, `"`: `"`, `"\`: `"`,
	} {
		var found strings.Builder
		for b := range structure([]byte(text)) {
			found.WriteByte(b)
		}
		if found.String() != want {
			t.Errorf("of %s the structure is %s, want %s", text, found.String(), want)
		}
	}
	for text, want := range map[string]int{`1`: 0, `{}`: 1, `[[],[[]]]`: 3, `{"a":{"[[[[":[1]}}`: 3} {
		if n := nesting([]byte(text)); n != want {
			t.Errorf("%s is nested %d deep, want %d", text, n, want)
		}
	}
}
