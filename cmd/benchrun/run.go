package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"edgebench/bench"
	"edgebench/bench/host"
	"edgebench/bench/plan"
	"edgebench/report"
	"edgebench/report/text"
	"edgebench/results"
	"edgebench/workloads/build"
)

// runOptions are the flags of run.
type runOptions struct {
	profile, config, out, resume string
	experiments, rungs           []string
	runners, workloads, builds   []string
	seed                         uint64
	slow, failIf                 []string
	libraries                    libraryOptions
	own                          ownOptions
}

func (o *runOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.profile, "profile", "default", "what to measure: quick, default or full")
	f.StringVar(&o.config, "config", "", "measure what this `file` says (see bench/plan/profiles)")
	f.StringSliceVar(&o.runners, "runner", nil, "only these runners or systems, such as wazero or wazero/compiler")
	f.StringSliceVar(&o.workloads, "workload", nil, "only these workloads")
	f.StringSliceVar(&o.builds, "build", nil, "only these builds of workloads, such as c or rust+snapshot")
	f.StringSliceVar(&o.experiments, "experiment", nil, "only these experiments")
	f.StringSliceVar(&o.rungs, "rung", nil, "only starts from these rungs of the cold-start ladder")
	f.StringVar(&o.out, "out", "", "the run's `folder` (default edgebench-TIME in the working folder)")
	f.StringVar(&o.resume, "resume", "", "complete the run in this `folder`")
	f.StringArrayVar(&o.slow, "slow", nil, "slow a runner's timed operations on purpose, to see whether compare finds it: `RUNNER=PERCENT`, e.g. wazero=5%; may be given again")
	limitFlag(f, &o.failIf)
	o.libraries.flags(f)
	o.own.flags(f)
	f.Uint64Var(&o.seed, "seed", 0, "seed of the order of trials (default random; it is in the record)")
}

// exclusive refuses flags that contradict each other. A run that is completed
// has its plan.
func (o *runOptions) exclusive(cmd *cobra.Command) error {
	changed := cmd.Flags().Changed
	if changed("profile") && changed("config") {
		return usageError{errors.New("--profile and --config exclude each other")}
	}
	if err := o.exclusiveOwn(changed); err != nil || !changed("resume") {
		return err
	}
	for _, name := range []string{"profile", "config", "out", "seed", "experiment", "runner", "workload", "build", "rung", "slow"} {
		if changed(name) {
			return usageError{fmt.Errorf("--%s and --resume exclude each other: a run is completed as it was planned", name)}
		}
	}
	return nil
}

// exclusiveOwn refuses what goes with no program of the user's, and what does
// not go with one.
func (o *runOptions) exclusiveOwn(changed func(string) bool) error {
	if !o.own.asked() {
		for _, name := range ownFlags() {
			if changed(name) {
				return usageError{fmt.Errorf("--%s belongs to a program of yours: give --wasm, --native or --image, or --own", name)}
			}
		}
		return nil
	}
	for _, name := range []string{"config", "workload", "build"} {
		if changed(name) {
			return usageError{fmt.Errorf("--%s chooses among the suite's workloads, and your program is measured alone", name)}
		}
	}
	return nil
}

func newRun(c console) *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run",
		Short: "Measure, then write the report",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return measure(cmd, c, o) },
	}
	o.flags(cmd)
	o.complete(cmd)
	return cmd
}

// measure runs and reports. An interrupted run is reported too.
func measure(cmd *cobra.Command, c console, o runOptions) error {
	if err := notEmpty(cmd); err != nil {
		return err
	}
	if err := o.exclusive(cmd); err != nil {
		return err
	}
	limits, err := parseLimits(o.failIf)
	if err != nil {
		return usageError{err}
	}
	ctx := cmd.Context()
	suite, err := bench.Open()
	if err != nil {
		return usageError{err}
	}
	if o.own.asked() {
		w, err := o.own.workload()
		if err == nil {
			err = suite.Set.Add(w)
		}
		if err != nil {
			return usageError{err}
		}
		o.own.name = w.Name
	}
	p := newProgress(c.err)
	defer p.stop()
	var sum bench.Summary
	if o.resume != "" {
		sum, err = resume(ctx, suite, o, meaningful(limits), p)
	} else {
		if !cmd.Flags().Changed("seed") {
			o.seed = rand.Uint64()
		}
		sum, err = begin(ctx, suite, o, meaningful(limits), p)
	}
	if sum.Dir == "" {
		return classify(err)
	}
	return conclude(c, p, sum, limits, err)
}

// resume completes a run, whose folder may be anybody's.
func resume(ctx context.Context, suite *bench.Installation, o runOptions, check func(results.Plan) error, p *progress) (bench.Summary, error) {
	folder, err := results.Open(o.resume)
	if err == nil {
		err = o.libraries.use(suite, nil)
	}
	if err != nil {
		return bench.Summary{}, usageError{err}
	}
	if err := check(folder.Plan); err != nil {
		return bench.Summary{}, err
	}
	return suite.Resume(ctx, o.resume, host.Fingerprint(ctx), p)
}

// begin measures anew.
func begin(ctx context.Context, suite *bench.Installation, o runOptions, check func(results.Plan) error, p *progress) (bench.Summary, error) {
	config, err := o.configuration(suite)
	if err != nil {
		return bench.Summary{}, usageError{err}
	}
	slowed, err := parseSlow(o.slow, o.runners, suite.RunnerNames())
	if err != nil {
		return bench.Summary{}, usageError{err}
	}
	if o.out == "" {
		o.out = "edgebench-" + time.Now().Format("20060102-150405")
	}
	if err := writable(o.out); err != nil {
		return bench.Summary{}, usageError{err}
	}
	return suite.Measure(ctx, bench.Options{
		Config: config, Filter: o.filter(), Own: o.programs(suite), Dir: o.out, Seed: o.seed, Slowed: slowed, Command: o.command(), Host: host.Fingerprint(ctx), Check: check,
	}, p)
}

// programs describes the user's programs, nil where there is none.
func (o *runOptions) programs(suite *bench.Installation) *results.Own {
	w, err := suite.Set.Find(o.own.name)
	if err != nil || !o.own.asked() {
		return nil
	}
	return w.Own()
}

// filter is what the flags keep of the configuration.
func (o *runOptions) filter() plan.Filter {
	return plan.Filter{
		Runners: o.runners, Workloads: o.workloads, Builds: o.builds,
		Rungs: named[results.Rung](o.rungs), Experiments: named[results.Experiment](o.experiments),
	}
}

func named[T ~string](texts []string) []T {
	list := make([]T, len(texts))
	for i, text := range texts {
		list[i] = T(text)
	}
	return list
}

func textsOf[T ~string](list []T) []string {
	texts := make([]string, len(list))
	for i, x := range list {
		texts[i] = string(x)
	}
	return texts
}

// command is a command line that asks for the same; paths stay out of it.
func (o *runOptions) command() []string {
	line := []string{"benchrun", "run", "--seed", strconv.FormatUint(o.seed, 10)}
	if o.config != "" {
		line = append(line, "--config", filepath.Base(o.config))
	} else {
		line = append(line, "--profile", o.profile)
	}
	line = append(line, o.libraries.command()...)
	line = append(line, o.own.command()...)
	for _, l := range []struct {
		flag   string
		values []string
	}{{"--experiment", o.experiments}, {"--runner", o.runners}, {"--workload", o.workloads}, {"--build", o.builds}, {"--rung", o.rungs}} {
		if len(l.values) > 0 {
			line = append(line, l.flag, strings.Join(l.values, ","))
		}
	}
	for _, s := range o.slow {
		line = append(line, "--slow", s)
	}
	return line
}

// configuration reads what to measure and refuses names that nobody knows.
func (o *runOptions) configuration(suite *bench.Installation) (plan.Config, error) {
	read := func() (plan.Config, error) { return plan.Profile(o.profile) }
	if o.config != "" {
		read = func() (plan.Config, error) { return plan.ReadFile(o.config) }
	}
	config, err := read()
	if err != nil {
		return config, err
	}
	if err := o.libraries.use(suite, config.Libraries); err != nil {
		return config, err
	}
	known := plan.Names{Runners: suite.RunnerNames()}
	for _, w := range suite.Set.List() {
		known.Workloads = append(known.Workloads, w.Name)
		known.Builds = append(known.Builds, w.Languages...)
	}
	if err := known.Check(o.filter()); err != nil {
		return config, err
	}
	for _, w := range suite.Set.All() {
		if w.Hidden {
			known.Workloads = append(known.Workloads, w.Name)
		}
	}
	if err := config.CheckNames(known); err != nil {
		return config, err
	}
	if o.own.asked() {
		if o.config == "" {
			config.Deadline = max(config.Deadline, plan.OwnDeadline)
		}
		return config.For([]string{o.own.name}, []string{build.OwnLanguage}), nil
	}
	return o.cover(config, suite)
}

// cover lets a profile measure what is asked for by name also where none of its
// entries is about it: then as it would measure the workload of its table.
func (o *runOptions) cover(config plan.Config, suite *bench.Installation) (plan.Config, error) {
	if o.config != "" || config.Covers(o.workloads, o.builds) {
		return config, nil
	}
	names, builds := o.workloads, o.builds
	if len(names) == 0 {
		names = []string{config.Table.Workload}
	}
	if len(builds) == 0 {
		w, err := suite.Set.Find(names[0])
		if err != nil {
			return config, err
		}
		builds = w.Languages
	}
	return config.For(names, builds), nil
}

// writable finds out before the measuring that its records can be kept.
func writable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("can't write the run's folder: %w: choose another with --out", err)
	}
	f, err := os.CreateTemp(dir, ".edgebench-*")
	if err != nil {
		return fmt.Errorf("can't write the run's folder: %w: choose another with --out", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// mistakes are errors that a user can correct by asking for something else.
var mistakes = []error{
	results.ErrHoldsRun, results.ErrNoRun, results.ErrBusy, results.ErrOldSchema, results.ErrCompressed,
	plan.ErrNotTimed, bench.ErrDiffers, bench.ErrTry, bench.ErrLibrary,
}

// classify tells a user's mistake from a failure.
func classify(err error) error {
	var mode plan.UnknownModeError
	if errors.As(err, &mode) || slices.ContainsFunc(mistakes, func(is error) bool { return errors.Is(err, is) }) {
		return usageError{err}
	}
	return err
}

// conclude shows what was measured, says how it went and writes the report. The table
// comes first: it needs no room on a disk. Limits are looked at last, if the run is
// complete.
func conclude(c console, p *progress, sum bench.Summary, limits []report.Limit, measureErr error) error {
	p.Step("reading the records")
	m, err := readRun(sum.Dir)
	p.stop()
	if err == nil {
		err = text.Table(c.out, m, width(c.out), c.colour())
	}
	if err != nil {
		return errors.Join(err, measureErr)
	}
	fmt.Fprintf(c.out, "\n%d trials ok", sum.OK)
	for _, part := range []struct {
		n    int
		what string
	}{{sum.Failed, "failed"}, {sum.Unavailable, "unavailable"}, {sum.GivenUp, "given up"}, {sum.Left, "not begun"}} {
		if part.n > 0 {
			fmt.Fprintf(c.out, ", %d %s", part.n, part.what)
		}
	}
	reportErr := writeReport(sum.Dir, m)
	if reportErr == nil {
		fmt.Fprintf(c.out, ". Report: %s\n", filepath.Join(sum.Dir, results.ReportFile))
	} else {
		fmt.Fprintln(c.out, ". There is no report.")
		reportErr = fmt.Errorf("%w; the records are complete, so once this is mended: benchrun report %s --html %s --png %s",
			reportErr, sum.Dir, filepath.Join(sum.Dir, results.ReportFile), filepath.Join(sum.Dir, results.FiguresFolder))
	}
	for _, program := range sum.Unmeasured {
		fmt.Fprintf(c.out, "nothing was measured of %s\n", program)
	}
	var exceeded error
	if measureErr == nil {
		exceeded = exceed(limits, m)
	}
	switch {
	case errors.Is(measureErr, bench.ErrInterrupted), errors.Is(measureErr, bench.ErrLost):
		measureErr = fmt.Errorf("%w; complete it with: benchrun run --resume %s", measureErr, sum.Dir)
	case measureErr == nil && reportErr == nil && exceeded == nil && (sum.Failed > 0 || sum.OK == 0 || len(sum.Unmeasured) > 0):
		return errTrialsFailed
	}
	return errors.Join(reportErr, measureErr, exceeded)
}
