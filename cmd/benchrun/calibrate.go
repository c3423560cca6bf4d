package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"edgebench/bench"
	"edgebench/bench/calibrate"
	"edgebench/bench/plan"
	"edgebench/bench/stat"
	"edgebench/report/format"
	"edgebench/results"
)

// errCalibration: something that was put in was not found, or it is undecided
// whether it was.
var errCalibration = errors.New("the harness does not find all that was put in")

// calibrateOptions are the flags of calibrate.
type calibrateOptions struct {
	runners, parts          []string
	allModes, quick, asJSON bool
	seed                    uint64
	patience                int
}

func newCalibrate(c console) *cobra.Command {
	var o calibrateOptions
	cmd := &cobra.Command{
		Use:   "calibrate",
		Short: "Measure the harness itself: put in what is known, and see whether it is found",
		Long: `calibrate measures the harness itself, in about fifteen minutes. Its parts are

  known    times, work, memory and throughput that a guest is told to take
  empty    what is there when nothing is measured: clock, protocol, a request to noop
  baseline the harness's figures beside a plain loop against the runtime's library
  aa       the same cells under two names, compared: all must be called the same
  caches   the second and third start of an artefact beside the first

A question passes when the 95 % interval of what was found lies within the
tolerance, fails when it lies outside, and is undecided otherwise. What is undecided
says what would decide it.

Exit codes: 0 all passed or is unavailable, 1 something failed or is undecided,
2 usage, 130 interrupted.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return runCalibrate(cmd, c, o) },
	}
	f := cmd.Flags()
	f.StringSliceVar(&o.runners, "runner", nil, "only these runners or systems, such as wazero or wazero/compiler")
	f.BoolVar(&o.allModes, "all-modes", false, "all modes of a runner, and not those alone that stand for it in the table")
	f.StringSliceVar(&o.parts, "part", nil, "only these parts: known, empty, baseline, aa, caches")
	f.BoolVar(&o.quick, "quick", false, "less of everything, in a minute and a half")
	f.IntVar(&o.patience, "patience", 1, "ask `N` times as long for what is undecided, 1 to 20: for a machine that others use too")
	f.BoolVar(&o.asJSON, "json", false, "print JSON")
	f.Uint64Var(&o.seed, "seed", 0, "seed of the order of trials (default random)")
	return cmd
}

func runCalibrate(cmd *cobra.Command, c console, o calibrateOptions) error {
	options, err := o.read(cmd)
	if err != nil {
		return usageError{err}
	}
	suite, err := bench.Open()
	if err != nil {
		return usageError{err}
	}
	p := newProgress(c.err)
	defer p.stop()
	r, err := suite.Calibrate(cmd.Context(), options, p)
	p.stop()
	if err != nil {
		return classify(err)
	}
	if o.asJSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		err = e.Encode(r)
	} else {
		err = printCalibration(c.out, r)
	}
	if err == nil && r.Count(calibrate.Fail)+r.Count(calibrate.Undecided) > 0 {
		err = errCalibration
	}
	return err
}

// read refuses names that nobody knows.
func (o *calibrateOptions) read(cmd *cobra.Command) (bench.CalibrateOptions, error) {
	out := bench.CalibrateOptions{Runners: o.runners, AllModes: o.allModes}
	known := plan.Names{Runners: runnerNames()}
	if err := known.Check(plan.Filter{Runners: o.runners}); err != nil {
		return out, err
	}
	for _, name := range o.parts {
		if !slices.Contains(calibrate.Parts(), calibrate.Part(name)) {
			return out, results.Unknown("part", name, textsOf(calibrate.Parts()))
		}
		out.Parts = append(out.Parts, calibrate.Part(name))
	}
	if o.patience < 1 || o.patience > calibrate.MaxPatience {
		return out, fmt.Errorf("--patience is %d, want 1 to %d", o.patience, calibrate.MaxPatience)
	}
	if !cmd.Flags().Changed("seed") {
		o.seed = rand.Uint64()
	}
	out.Quick, out.Seed, out.Patience = o.quick, o.seed, o.patience
	return out, nil
}

func printCalibration(out io.Writer, r calibrate.Report) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	printRows(w, "KNOWN ANSWERS", r.Known)
	if len(r.Empty) > 0 {
		fmt.Fprintln(w, "THE EMPTY MEASUREMENT\tVALUES\tP50\tP90\tP99\tMAX")
		for _, d := range r.Empty {
			line := []string{d.What, fmt.Sprint(d.Values)}
			for _, v := range []float64{d.P50, d.P90, d.P99, d.Max} {
				line = append(line, format.Quantity(v, results.Seconds))
			}
			fmt.Fprintln(w, strings.Join(line, "\t"))
		}
		fmt.Fprintln(w)
	}
	printRows(w, "BESIDE THE BASELINE LOOP", r.Baseline)
	printAlarms(w, r.AA)
	printRows(w, "HIDDEN CACHES", r.Caches)
	printDisturbances(w, r)
	fmt.Fprintf(w, "%d pass, %d fail, %d undecided, %d unavailable; %.0f s, seed %d.\n", r.Count(calibrate.Pass), r.Count(calibrate.Fail),
		r.Count(calibrate.Undecided), r.Count(calibrate.Unavailable), r.Elapsed, r.Seed)
	return w.Flush()
}

// printRows prints a table, and under it the reasons of what did not pass.
func printRows(w io.Writer, title string, rows []calibrate.Row) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprintln(w, title+"\tRUNG\tPUT IN\tFOUND\tERROR\t95 % INTERVAL\tBLOCKS\tDISTURBED\tVERDICT")
	var reasons []string
	for _, r := range rows {
		verdict := string(r.Verdict)
		if r.Reason != "" {
			i := slices.Index(reasons, r.Reason)
			if i < 0 {
				i = len(reasons)
				reasons = append(reasons, r.Reason)
			}
			verdict += fmt.Sprintf(" [%d]", i+1)
		}
		found, off, interval := "–", "–", "–"
		if r.Blocks > 0 {
			found, off = precisely(r.Found, r.Unit), relative(r.Found, r.Put)
		}
		if r.Interval != nil {
			interval = relative(r.Interval.Low, r.Put) + " to " + relative(r.Interval.High, r.Put)
		}
		fmt.Fprintln(w, strings.Join([]string{r.System.String() + ": " + r.What, string(r.Rung), precisely(r.Put, r.Unit), found, off, interval, fmt.Sprint(r.Blocks), fmt.Sprintf("%d/%d", r.Disturbed, r.Trials), verdict}, "\t"))
	}
	for i, reason := range reasons {
		fmt.Fprintf(w, "  [%d] %s\n", i+1, reason)
	}
	fmt.Fprintln(w)
}

// printDisturbances gives an example of what disturbed trials.
func printDisturbances(w io.Writer, r calibrate.Report) {
	var last *stat.Disturbance
	for _, row := range slices.Concat(r.Known, r.Baseline, r.Caches) {
		if row.DisturbedBy != nil {
			last = row.DisturbedBy
		}
	}
	if last != nil {
		fmt.Fprintf(w, "Trials were disturbed, for example: %s.\n\n", format.Disturbance(last.Cause, last.Share, last.Share))
	}
}

// precisely prints five digits, since what was put in and what was found are
// to differ in the third at most.
func precisely(v float64, unit string) string {
	for _, s := range []struct {
		unit string
		size float64
		name string
	}{
		{results.Seconds, 1, " s"}, {results.Seconds, 1e-3, " ms"}, {results.Seconds, 1e-6, " µs"}, {results.Seconds, 1e-9, " ns"},
		{results.Bytes, 1 << 20, " MiB"}, {results.Bytes, 1 << 10, " KiB"}, {results.RequestsPerSecond, 1, "/s"},
	} {
		if s.unit == unit && (math.Abs(v) >= s.size || s.size == 1e-9) {
			return fmt.Sprintf("%.5g%s", v/s.size, s.name)
		}
	}
	return fmt.Sprintf("%.5g", v)
}

// relative is an error as a part of what was put in.
func relative(v, put float64) string { return fmt.Sprintf("%+.2f %%", (v/put-1)*100) }

func printAlarms(w io.Writer, a *calibrate.Alarms) {
	if a == nil {
		return
	}
	fmt.Fprintln(w, "EQUALS COMPARED\tTRIALS EACH\tSAME\tUNDECIDED\tFALSE ALARMS\tINTERVALS WITHOUT 1\tVERDICT")
	fmt.Fprintf(w, "%d pairs\t%d\t%d\t%d\t%d\t%d\t%s\n", a.Pairs, a.Trials, a.Same, a.Undecided, a.Faster+a.Slower, a.Bare, a.Verdict)
	fmt.Fprintf(w, "  The comparison promises an alarm in %.0f %% of whole runs at most; of bare 95 %% intervals one of 20 leaves out 1.\n", a.Level*100)
	if a.Reason != "" {
		fmt.Fprintln(w, "  "+a.Reason+".")
	}
	for _, alarm := range a.Alarmed {
		fmt.Fprintln(w, "  "+alarm)
	}
	fmt.Fprintln(w)
}
