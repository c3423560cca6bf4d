// Command simulate puts known truths into the statistics of bench/stat and
// prints what comes out: the coverage of 95 % intervals, false alarms of
// comparisons and of findings, and power. It needs no measurement, and its
// figures are the same on every machine.
//
// The short form takes some seconds and is part of the tests; --full takes
// minutes, and its table is that of bench/RATIONALE.md:
//
//	go run ./bench/stat/simulate --full
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// options of a simulation.
type options struct {
	// full is the long form.
	full bool
	// records is the folder of the run whose noise is resampled.
	records string
	seed    uint64
}

// either gives the number of runs of the short or of the full form.
func (o options) either(short, full int) int {
	if o.full {
		return full
	}
	return short
}

// run returns the exit code: 2 for flags that are wrong, 1 for records that
// can't be read.
func run(args []string, stdout, stderr io.Writer) int {
	var o options
	flags := flag.NewFlagSet("simulate", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.BoolVar(&o.full, "full", false, "the long form, some minutes")
	flags.StringVar(&o.records, "records", "results/reference/2026-11-22-debian12-2cores", "folder of the run whose noise is resampled")
	flags.Uint64Var(&o.seed, "seed", 1, "seed of all that is random")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	cells, err := readCells(o.records)
	if err != nil {
		fmt.Fprintf(stderr, "simulate: %v\n", err)
		return 1
	}
	simulate(o, cells, stdout)
	return 0
}

// simulate prints all tables, each when it is done.
func simulate(o options, cells []*cell, w io.Writer) {
	for i, fill := range []func(options, []*cell) table{
		medians, percentiles, ratios, stopping, falseAlarms, falseFindings, power, realPower, trialsNeeded,
	} {
		if i > 0 {
			fmt.Fprintln(w)
		}
		fill(o, cells).print(w)
	}
}
