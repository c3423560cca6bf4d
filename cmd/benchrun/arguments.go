package main

import (
	"cmp"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"edgebench/bench"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/plan"
	"edgebench/report"
	"edgebench/results"
	"edgebench/runners"
)

// version is the commit that the program was built from, as the Go toolchain has
// recorded it.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := cmp.Or(settings["vcs.revision"], "of an unknown commit")
	if settings["vcs.modified"] == "true" {
		commit += ", changed"
	}
	return fmt.Sprintf("%s %s, built with %s", info.Main.Version, commit, info.GoVersion)
}

// flagError says what a flag wants, without the words of the library that reads it.
func flagError(cmd *cobra.Command, err error) error {
	if unknown, ok := errors.AsType[*pflag.NotExistError](err); ok && len(unknown.GetSpecifiedName()) > 1 {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		if nearest := results.Nearest(name, names); nearest != "" {
			return usageError{fmt.Errorf("unknown flag %s, the nearest is %s (benchrun %s--help shows all)", name, nearest, commandName(cmd))}
		}
	}
	if invalid, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		f := invalid.GetFlag()
		return usageError{fmt.Errorf("--%s is %.40q, want %s", f.Name, invalid.GetValue(), wanted(f.Value.Type()))}
	}
	return usageError{fmt.Errorf("%w (benchrun %s--help shows the flags)", err, commandName(cmd))}
}

// commandName is that of a command with a space behind it, "" for the root.
func commandName(cmd *cobra.Command) string {
	if !cmd.HasParent() {
		return ""
	}
	return cmd.Name() + " "
}

// wanted says what a flag of a type takes.
func wanted(kind string) string {
	switch kind {
	case "uint64":
		return "a whole number from 0 to 18446744073709551615"
	case "int":
		return "a whole number"
	case "bool":
		return "true or false"
	case "duration":
		return "a time such as 90s or 2m"
	}
	return "a value of the type " + kind
}

// notEmpty refuses flags that choose and name nothing: an empty variable of a script
// would choose everything.
func notEmpty(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		list, ok := f.Value.(pflag.SliceValue)
		if ok && (len(list.GetSlice()) == 0 || slices.Contains(list.GetSlice(), "")) {
			err = usageError{fmt.Errorf("--%s has an empty value: leave it out to choose all", f.Name)}
		}
	})
	return err
}

// complete lets a shell complete the values of a run's flags.
func (o *runOptions) complete(cmd *cobra.Command) {
	for flag, values := range map[string]func() []string{
		"profile":    plan.Profiles,
		"runner":     systemNames,
		"rung":       func() []string { return textsOf(results.Rungs()) },
		"experiment": func() []string { return textsOf(registry.Names()) },
		"workload":   func() []string { workloads, _ := workloadNames(); return workloads },
		"build":      func() []string { _, builds := workloadNames(); return builds },
		"slow":       func() []string { return withSuffix(runnerNames(), "=5%") },
	} {
		completeFlag(cmd, flag, values)
	}
}

// completeFlag completes a flag whose values are separated by commas.
func completeFlag(cmd *cobra.Command, flag string, values func() []string) {
	complete := func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		at := strings.LastIndexByte(typed, ',') + 1
		var list []string
		for _, v := range values() {
			if strings.HasPrefix(v, typed[at:]) {
				list = append(list, typed[:at]+v)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	// It fails only for a flag that does not exist, which a test would find.
	_ = cmd.RegisterFlagCompletionFunc(flag, complete)
}

func withSuffix(names []string, suffix string) []string {
	for i := range names {
		names[i] += suffix
	}
	return names
}

func runnerNames() (names []string) {
	for _, e := range runners.Table() {
		names = append(names, e.Name)
	}
	return names
}

// systemNames are the runners and those of their modes that a profile names: to ask the
// runners themselves takes too long for a shell.
func systemNames() []string {
	names := runnerNames()
	for _, profile := range plan.Profiles() {
		c, err := plan.Profile(profile)
		if err != nil {
			continue
		}
		for _, s := range append(c.Table.Systems(""), c.Table.Reference) {
			if name := s.String(); s.Mode != plan.Default && !slices.Contains(names, name) {
				names = append(names, name)
			}
		}
	}
	return names
}

// workloadNames are the workloads of the clone and the builds that any of them has.
func workloadNames() (workloads, builds []string) {
	suite, err := bench.Open()
	if err != nil {
		return nil, nil
	}
	for _, w := range suite.Set.List() {
		workloads = append(workloads, w.Name)
		for _, b := range w.Languages {
			if !slices.Contains(builds, b) {
				builds = append(builds, b)
			}
		}
	}
	return workloads, builds
}

// completeCells completes a choice of cells of the run that the command line names, or of
// a threshold for two: KEY=VALUE of what is recorded.
func completeCells(cmd *cobra.Command, flag string, words ...string) {
	complete := func(_ *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		at := strings.LastIndexByte(typed, ' ') + 1
		choices := words
		if at > 0 || len(words) == 0 {
			choices = cellKeys(args)
		}
		var list []string
		for _, choice := range choices {
			if strings.HasPrefix(choice, typed[at:]) {
				list = append(list, typed[:at]+choice)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
	_ = cmd.RegisterFlagCompletionFunc(flag, complete) // as in completeFlag
}

// cellKeys are all KEY=VALUE of the cells of runs.
func cellKeys(dirs []string) (pairs []string) {
	for _, dir := range dirs {
		folder, err := results.Open(dir)
		if err != nil {
			continue
		}
		for _, pair := range report.CellKeys(folder) {
			if !slices.Contains(pairs, pair) {
				pairs = append(pairs, pair)
			}
		}
	}
	return pairs
}
