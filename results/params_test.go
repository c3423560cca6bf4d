package results

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestParams(t *testing.T) {
	p := NewParams(map[string]string{RungParam: "cold", ConcurrencyParam: "2", PageCacheParam: PageCacheWarm})
	if p != "concurrency=2/page_cache=warm/rung=cold" || p.Rung() != Cold || p.Int(ConcurrencyParam) != 2 {
		t.Errorf("%q: rung %q, concurrency %d", string(p), p.Rung(), p.Int(ConcurrencyParam))
	}
	if s := p.String(); s != "concurrency=2, page_cache=warm, rung=cold" {
		t.Errorf("for people: %q", s)
	}
	if p.Get("other") != "" || p.Int("other") != 0 || p.Int(RungParam) != 0 {
		t.Error("what is not set, or no number, has a value")
	}
	if q := p.With(RungParam, "").With(PageCacheParam, PageCacheDropped); q != "concurrency=2/page_cache=dropped" {
		t.Errorf("%q", string(q))
	}
	if q := p.With(RungParam, "").With(PageCacheParam, "").With(ConcurrencyParam, ""); q != "" || len(q.Map()) != 0 {
		t.Errorf("%q", string(q))
	}
}

// What is written is read as the same parameters, whatever a value looks like.
func TestParamsRoundTrip(t *testing.T) {
	for value, written := range map[string]string{
		"0": `0`, "-5": `-5`, "16": `16`, "9007199254740992": `9007199254740992`,
		"9007199254740993": `"9007199254740993"`, // more than every reader keeps
		"007":              `"007"`, "-0": `"-0"`, "+1": `"+1"`, "1e3": `"1e3"`, "0x10": `"0x10"`, "2.5": `"2.5"`,
		"99999999999999999999": `"99999999999999999999"`, "null": `"null"`, "true": `"true"`, "<&>": `"<&>"`, `"`: `"\""`,
		fmt.Sprint(math.MaxInt64): `"9223372036854775807"`,
	} {
		p := NewParams(map[string]string{"a": value})
		text, err := encode(p, "")
		if want := `{"a":` + written + "}\n"; err != nil || string(text) != want {
			t.Errorf("%q is written as %s, want %s: %v", value, text, want, err)
		}
		var again Params
		if err := json.Unmarshal(text, &again); err != nil || again != p {
			t.Errorf("%s is read as %q: %v", text, string(again), err)
		}
	}
}

func TestParamsRefuse(t *testing.T) {
	for text, want := range map[string]string{
		`{"a":1.5}`:                  "which is not an integer",
		`{"a":1e3}`:                  "which is not an integer",
		`{"a":-0}`:                   "which is not an integer",
		`{"a":1e999}`:                "which is not an integer",
		`{"a":18446744073709551616}`: "which is not an integer",
		`{"a":null}`:                 "neither a text nor a number",
		`{"a":{"b":1}}`:              "neither a text nor a number",
		`{"a":[1]}`:                  "neither a text nor a number",
		`{"a":true}`:                 "neither a text nor a number",
		`{"a":""}`:                   "has an invalid character",
		`{"":"a"}`:                   "has an invalid character",
		`{"a":"b c"}`:                "has an invalid character",
		`{"a":"b\nc"}`:               "has an invalid character",
		`{"a":"ä"}`:                  "has an invalid character",
		`{"a=b":"c"}`:                "has an invalid character",
		`{"a":"b/c=d"}`:              "has an invalid character",
		`{"rung":"warm"}`:            `rung "warm" is unknown`,
		`null`:                       "null, not an object",
		`["a"]`:                      "cannot unmarshal array",
		`{` + strings.Repeat(`"a":1,`, 1000) + `"b":1}`: "there are 1001 parameters",
	} {
		var p Params
		oneLine(t, json.Unmarshal([]byte(text), &p), want)
	}
	for p, want := range map[Params]string{
		"b=1/a=1": "not in their canonical form", "a=1/a=1": "not in their canonical form", "a": "not in their canonical form",
		"a=1/": "not in their canonical form", "/": "not in their canonical form", "a=": "has an invalid character",
		"rung=warm": "is unknown",
	} {
		c := testCell
		c.Params = p
		oneLine(t, c.validate(), want)
	}
}
