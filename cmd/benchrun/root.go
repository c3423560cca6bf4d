package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"edgebench/bench"
	"edgebench/results"
)

// Exit codes.
const (
	exitOK          = 0
	exitFailed      = 1   // some trials failed, nothing that was asked for could be measured, or a calibration is undecided
	exitUsage       = 2   // a mistake in the command line or configuration
	exitTripped     = 3   // a threshold of compare tripped
	exitInterrupted = 130 // stopped by a signal; results are kept
)

// usageError is a user's mistake.
type usageError struct{ error }

func (e usageError) Unwrap() error { return e.error }

// errTrialsFailed: the run came to its end, but some trials failed, or none could be
// measured.
var errTrialsFailed = errors.New("some trials failed")

// console is where a command writes.
type console struct {
	out, err io.Writer
	// style is the value of --style; nil stands for auto.
	style *string
}

// run is the whole program: it returns its exit code.
func run(args []string, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	root := newRoot(console{out: stdout, err: stderr})
	root.SetArgs(args)
	return exitCode(root.ExecuteContext(ctx), stderr)
}

func exitCode(err error, stderr io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, errTrialsFailed), errors.Is(err, errCalibration):
		return exitFailed // the table's last lines have said so
	}
	fmt.Fprintf(stderr, "benchrun: %s\n", strings.ReplaceAll(err.Error(), "\n", "; "))
	var threshold tripped
	switch {
	case errors.As(err, &threshold):
		return exitTripped
	case errors.As(err, &usage):
		return exitUsage
	case errors.Is(err, bench.ErrInterrupted), errors.Is(err, context.Canceled):
		return exitInterrupted
	}
	return exitFailed
}

func newRoot(c console) *cobra.Command {
	var o runOptions
	c.style = new(string)
	root := &cobra.Command{
		Use:   "benchrun",
		Short: "Measure the same work in WebAssembly runtimes, containers and processes",
		Long: `benchrun measures cold start, memory, density and throughput of the same
verified work in WebAssembly runtimes, containers and processes, and prints the
containers-versus-WASM table. Without a command it runs the default profile.
With --style all commands print plain or coloured texts (default auto: coloured on a
terminal, unless NO_COLOR is set).

Exit codes: 0 fine; 1 some trials failed, nothing that was asked for could be
measured, or a calibration is undecided; 2 usage or configuration; 3 a limit or
threshold of --fail-if tripped; 130 interrupted (what was measured is kept; go on with --resume).`,
		Args:              noArguments,
		Version:           version(),
		SilenceUsage:      true,
		SilenceErrors:     true,
		PersistentPreRunE: func(*cobra.Command, []string) error { return c.checkStyle() },
		RunE:              func(cmd *cobra.Command, _ []string) error { return measure(cmd, c, o) },
	}
	o.flags(root)
	root.PersistentFlags().StringVar(c.style, "style", styleAuto, "texts: auto (coloured on a terminal), plain or colour")
	root.SetOut(c.out)
	root.SetErr(c.err)
	root.SetFlagErrorFunc(flagError)
	o.complete(root)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newRun(c), newTry(c), newList(c), newReport(c), newCompare(c), newHistory(c), newDoctor(c), newCalibrate(c))
	return root
}

func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if cmd.HasParent() {
		return usageError{fmt.Errorf("%s takes no arguments, got %q", cmd.Name(), args[0])}
	}
	var names []string
	for _, c := range cmd.Commands() {
		if !c.Hidden {
			names = append(names, c.Name())
		}
	}
	return usageError{results.Unknown("command", args[0], names)}
}
