// Command simulate puts known truths into the statistics of bench/stat and
// prints what comes out: the coverage of 95 % intervals, false alarms of
// comparisons and of findings, and power. It needs no measurement, and its
// figures are the same on every machine.
//
// The short form takes some seconds and is part of the tests; --full takes
// minutes, and its output is in results/reference/power.md:
//
//	go run ./bench/stat/simulate --full
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

// published is the folder of published runs, as seen from the module's own.
const published = "results/reference"

// options of a simulation.
type options struct {
	// full is the long form.
	full bool
	// records is the folder of the run whose noise is resampled.
	records string
	// only names the tables that are printed, "" for all.
	only string
	seed uint64
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
	flags.StringVar(&o.records, "records", "", "folder of the run whose noise is resampled; the newest below "+published+" if none is named")
	flags.StringVar(&o.only, "only", "", "print the tables of this name alone: "+strings.Join(names(), ", "))
	flags.Uint64Var(&o.seed, "seed", 1, "seed of all that is random")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if o.only != "" && !slices.Contains(names(), o.only) {
		fmt.Fprintf(stderr, "simulate: no table is named %q: %s\n", o.only, strings.Join(names(), ", "))
		return 2
	}
	var err error
	if o.records == "" {
		o.records, err = newest(published)
	}
	var cells []*cell
	if err == nil {
		cells, err = readCells(o.records)
	}
	if err != nil {
		fmt.Fprintf(stderr, "simulate: %v\n", err)
		return 1
	}
	simulate(o, cells, stdout)
	return 0
}

// simulations make the tables, in the order in which they are printed.
func simulations() []simulation {
	return []simulation{
		{"medians", medians}, {"percentiles", percentiles}, {"ratios", ratios}, {"stopping", stopping},
		{"alarms", falseAlarms}, {"findings", falseFindings},
		{"power", power}, {"power", realPower}, {"power", rungPower}, {"power", trialsNeeded}, {"cells", cellPower},
		{"groups", groupAlarms}, {"groups", groupPower},
	}
}

// simulation makes a table.
type simulation struct {
	name string
	fill func(options, []*cell) table
}

func names() []string {
	var list []string
	for _, s := range simulations() {
		list = append(list, s.name)
	}
	return slices.Compact(list)
}

// simulate prints the tables, each when it is done.
func simulate(o options, cells []*cell, w io.Writer) {
	first := true
	for _, s := range simulations() {
		if o.only != "" && o.only != s.name {
			continue
		}
		if !first {
			fmt.Fprintln(w)
		}
		first = false
		s.fill(o, cells).print(w)
	}
}
