package clean_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"edgebench/report/clean"
	"edgebench/report/reporttest"
)

func TestText(t *testing.T) {
	for text, want := range map[string]string{
		"plain, ä, 漢字":       "plain, ä, 漢字",
		"two\nlines\ttab":    "two lines tab",
		"\x1b[31mred\x1b[0m": `\x1b[31mred\x1b[0m`,
		"\u202eback":         `\u202eback`,
		"\xff":               `\xff`,
	} {
		if got := clean.Text(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
	if got := clean.Message(" " + strings.Repeat("ä", 2*clean.MaxText)); utf8.RuneCountInString(got) != clean.MaxText+1 || !strings.HasSuffix(got, "…") {
		t.Errorf("a long message becomes %q", got)
	}
}

// What comes from outside is copied, and every text of the copy can be printed.
func TestHostileRun(t *testing.T) {
	plan, env, records := reporttest.Hostile()
	cleanPlan, cleanEnv, cleanRecords := clean.Plan(plan), clean.Environment(env), clean.Records(records)
	again, _, more := reporttest.Hostile()
	if plan.Run != again.Run || plan.Run == cleanPlan.Run {
		t.Error("the plan that was given is changed, or its copy is not")
	}
	for i, r := range records {
		if r.Stop != nil && *r.Stop != *more[i].Stop {
			t.Error("a record that was given is changed")
		}
	}
	for i := range cleanRecords { // numbers that JSON can't hold
		r := &cleanRecords[i]
		r.Machine, r.Metrics, r.Phases, r.Histograms = nil, nil, nil, nil
		if r.Stop != nil {
			r.Stop.Limit = 0
		}
	}
	raw, err := json.Marshal([]any{cleanPlan, cleanEnv, cleanRecords})
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(raw, &decoded); err != nil {
		t.Fatal(err)
	}
	texts := 0
	check(decoded, func(s string) {
		texts++
		for _, r := range s {
			if !unicode.IsPrint(r) {
				t.Errorf("%U in %q", r, s)
			}
		}
	})
	if texts < 100 {
		t.Errorf("%d texts", texts)
	}
}

func check(v any, f func(string)) {
	switch v := v.(type) {
	case string:
		f(v)
	case []any:
		for _, e := range v {
			check(e, f)
		}
	case map[string]any:
		for k, e := range v {
			f(k)
			check(e, f)
		}
	}
}
