package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"edgebench/bench"
	"edgebench/bench/host"
	"edgebench/bench/identify"
	"edgebench/bench/plan"
	"edgebench/runners"
	"edgebench/workloads/build"
)

// tryOptions are the flags of try.
type tryOptions struct {
	name, out                       string
	requests, expects, runners      []string
	failIf                          []string
	nativeInterface, imageInterface string
	seed                            uint64
	use                             useOptions
	libraries                       libraryOptions
}

func newTry(c console) *cobra.Command {
	var o tryOptions
	cmd := &cobra.Command{
		Use:   "try PROGRAM...",
		Short: "Measure programs of your own beside each other",
		Long: `try finds out what each program is (a module, an executable, an image or an
archive of one) and how it takes requests, asks it once, and measures it beside the
others. Files are named by their path, images as the engine does.

Without --request, servers are asked for / by GET, and commands get an empty stdin.
Without --expect, the programs' first answer is right if each of them gives it twice.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError{errors.New("name one or more programs: files such as ./app.wasm, or images")}
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return try(cmd, c, o, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.name, "name", "mine", "what cells call the work of your programs")
	f.StringArrayVar(&o.requests, "request", nil, "`file` with a request, a pipe, or - for stdin; may be given again")
	f.StringArrayVar(&o.expects, "expect", nil, "`file` with the response that is right for it, in the same order")
	f.StringVar(&o.nativeInterface, "native-interface", "", "how executables take requests: stdio or http:PORT[/PATH], instead of a look (`interface`)")
	f.StringVar(&o.imageInterface, "image-interface", "", "the same of images (`interface`)")
	f.StringSliceVar(&o.runners, "runner", nil, "only these runners")
	f.StringVar(&o.out, "out", "", "the run's `folder` (default edgebench-TIME in the working folder)")
	f.Uint64Var(&o.seed, "seed", 0, "seed of the order of trials (default random; it is in the record)")
	limitFlag(f, &o.failIf)
	o.use.flags(f)
	o.libraries.flags(f)
	return cmd
}

// try looks, measures and reports.
func try(cmd *cobra.Command, c console, o tryOptions, programs []string) error {
	limits, err := parseLimits(o.failIf)
	if err != nil {
		return usageError{err}
	}
	t, err := o.try(programs)
	if err != nil {
		return usageError{err}
	}
	suite, err := bench.Open()
	if err != nil {
		return usageError{err}
	}
	if err := o.libraries.use(suite, nil); err != nil {
		return usageError{err}
	}
	known := plan.Names{Runners: suite.RunnerNames()}
	if err := known.Check(plan.Filter{Runners: o.runners}); err != nil {
		return usageError{err}
	}
	if o.out == "" {
		o.out = "edgebench-" + time.Now().Format("20060102-150405")
	}
	if err := writable(o.out); err != nil {
		return usageError{err}
	}
	if !cmd.Flags().Changed("seed") {
		o.seed = rand.Uint64()
	}
	p := newProgress(c.err)
	defer p.stop()
	sum, err := suite.Try(cmd.Context(), t, bench.Options{
		Filter: plan.Filter{Runners: o.runners}, Dir: o.out, Seed: o.seed, Command: o.command(programs), Host: host.Fingerprint(cmd.Context()), Check: meaningful(limits),
	}, p)
	if sum.Dir == "" {
		return classify(err)
	}
	return conclude(c, p, sum, limits, err)
}

// try reads what the flags name.
func (o *tryOptions) try(programs []string) (bench.Try, error) {
	t := bench.Try{
		Programs: programs, Engine: identify.Docker{}, Use: o.use.UseText, Name: o.name,
		Interfaces: map[runners.Kind]runners.Interface{}, Expected: len(o.expects) > 0,
	}
	if t.Expected && len(o.expects) != max(1, len(o.requests)) {
		return t, fmt.Errorf("there are %d of --request and %d of --expect: give each request its response, or none", len(o.requests), len(o.expects))
	}
	if o.use.Status >= 400 && !t.Expected {
		return t, fmt.Errorf("an answer with status %d is not learnt: say with --expect what is right", o.use.Status)
	}
	for kind, text := range map[runners.Kind]string{runners.Native: o.nativeInterface, runners.Image: o.imageInterface} {
		if text != "" {
			t.Interfaces[kind] = runners.Interface(text)
		}
	}
	requests := o.requests
	if len(requests) == 0 {
		requests = []string{os.DevNull}
	}
	var err error
	t.Requests, err = build.ReadExchanges(requests, o.expects)
	return t, err
}

// command is a command line that asks for the same; folders of this machine stay out
// of it.
func (o *tryOptions) command(programs []string) []string {
	line := []string{"benchrun", "try", "--seed", strconv.FormatUint(o.seed, 10)}
	for _, p := range programs {
		if build.LooksLikePath(p) || filepath.IsAbs(p) {
			p = filepath.Base(p)
		}
		line = append(line, p)
	}
	for _, f := range []struct{ flag, value string }{
		{"--native-interface", o.nativeInterface}, {"--image-interface", o.imageInterface}, {"--runner", strings.Join(o.runners, ",")},
	} {
		if f.value != "" {
			line = append(line, f.flag, f.value)
		}
	}
	for _, l := range []struct {
		flag  string
		files []string
	}{{"--request", o.requests}, {"--expect", o.expects}} {
		for _, file := range l.files {
			line = append(line, l.flag, filepath.Base(file))
		}
	}
	line = append(line, o.libraries.command()...)
	return append(line, o.use.command()...)
}
