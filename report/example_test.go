package report_test

import (
	"fmt"

	"edgebench/report"
	"edgebench/results"
)

// Read a run and print what it says of each claim of the table.
func Example() {
	run, err := results.Open("../results/testdata/v1")
	if err != nil {
		fmt.Println(err)
		return
	}
	m := report.Build(run.Plan, run.Environment, run.Records)
	for _, r := range m.Table.Rows {
		fmt.Printf("%s: %s\n", r.Property, r.Verdict)
	}
	// Output:
	// cold start: not measured
	// image size: not measured
	// isolation: not measured
	// portability: not measured
	// density: undecided
	// memory/instance: no claim
	// throughput: no claim
}
