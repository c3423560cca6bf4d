package main

import (
	"fmt"

	"github.com/spf13/pflag"

	"edgebench/report"
	"edgebench/report/model"
	"edgebench/results"
)

// limitFlag is the flag of limits on figures of one run.
func limitFlag(f *pflag.FlagSet, texts *[]string) {
	f.StringArrayVar(texts, "fail-if", nil, "exit with 3 if any figure is so: `limit`, e.g. 'cold.p50 > 1ms runner=wazero'; may be given again")
}

func parseLimits(texts []string) ([]report.Limit, error) {
	var list []report.Limit
	for _, text := range texts {
		l, err := report.ParseLimit(text)
		if err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, nil
}

// meaningful gives what rejects a plan for which a limit means nothing.
func meaningful(limits []report.Limit) func(results.Plan) error {
	return func(p results.Plan) error {
		for _, l := range limits {
			if err := l.Check(p); err != nil {
				return usageError{err}
			}
		}
		return nil
	}
}

// exceed is an error with an exit code of its own where a figure is beyond a limit. It
// is another error if the run has no figure that a limit is about.
func exceed(limits []report.Limit, m *model.Model) error {
	for _, l := range limits {
		names, err := l.Exceeded(m)
		if err != nil {
			return err
		}
		if len(names) > 0 {
			return tripped{fmt.Errorf("%s: %d, the first is %s", l, len(names), names[0])}
		}
	}
	return nil
}
