package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"edgebench/bench"
	"edgebench/bench/host"
)

func newDoctor(c console) *cobra.Command {
	var asJSON, fix bool
	var libraries libraryOptions
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Show what on this machine disturbs or limits a measurement, and the remedy",
		Args:  noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if asJSON && fix {
				return usageError{errors.New("--json and --fix exclude each other: the JSON has the commands too")}
			}
			return doctor(cmd.Context(), c, libraries, asJSON, fix)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	cmd.Flags().BoolVar(&fix, "fix", false, "print a shell script with the remedies; nothing is run")
	libraries.flags(cmd.Flags())
	return cmd
}

func doctor(ctx context.Context, c console, libraries libraryOptions, asJSON, fix bool) error {
	findings := host.Check(ctx)
	if len(libraries.texts) > 0 {
		suite, err := bench.Open()
		if err == nil {
			err = libraries.use(suite, nil)
		}
		if err != nil {
			return usageError{err}
		}
		findings = append(findings, suite.Libraries(ctx)...)
	}
	switch {
	case asJSON:
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false) // commands have a ">"
		return e.Encode(findings)
	case fix:
		_, err := io.WriteString(c.out, host.Script(findings))
		return err
	}
	for _, f := range findings {
		name := strings.ReplaceAll(f.Name, "_", " ")
		if _, err := fmt.Fprintf(c.out, "%-8s%s: %s\n", f.State, name, f.Value); err != nil {
			return err
		}
		if f.State == host.OK {
			continue
		}
		fmt.Fprintf(c.out, "        %s\n", f.Meaning)
		if f.Remedy != "" {
			fmt.Fprintf(c.out, "        remedy: %s\n", f.Remedy)
		}
	}
	if slices.ContainsFunc(findings, func(f host.Finding) bool { return f.Fix != nil }) {
		fmt.Fprintln(c.out, "\nbenchrun doctor --fix prints the commands and runs none of them.")
	}
	return nil
}
