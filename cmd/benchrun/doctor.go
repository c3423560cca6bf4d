package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"edgebench/bench/host"
)

func newDoctor(c console) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Show what on this machine disturbs or limits a measurement, and how to mend it",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return doctor(cmd.Context(), c, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func doctor(ctx context.Context, c console, asJSON bool) error {
	findings := host.Check(ctx)
	if asJSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(findings)
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
		if f.Mend != "" {
			fmt.Fprintf(c.out, "        mend: %s\n", f.Mend)
		}
	}
	return nil
}
