package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"edgebench/bench"
	"edgebench/results"
)

// listing is what list shows.
type listing struct {
	Systems   []results.SystemState `json:"systems"`
	Workloads []listedWorkload      `json:"workloads"`
	// Cells is how many combinations of system, workload, language and rung
	// there are on this machine.
	Cells int `json:"cells"`
}

type listedWorkload struct {
	Name        string   `json:"name"`
	Description string   `json:"description"`
	Languages   []string `json:"languages"`
	Exchanges   int      `json:"exchanges"`
}

func newList(c console) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show runners, modes and workloads, and why one can't be measured here",
		Args:  noArguments,
		RunE:  func(cmd *cobra.Command, _ []string) error { return list(cmd.Context(), c, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func list(ctx context.Context, c console, asJSON bool) error {
	house, err := bench.Open()
	if err != nil {
		return usageError{err}
	}
	p := newProgress(c.err)
	survey, err := house.Survey(ctx, nil, p.Step)
	p.stop()
	if err != nil {
		return err
	}
	l := listing{Systems: survey.Systems, Workloads: []listedWorkload{}}
	builds := 0
	for _, w := range house.Set.List() {
		l.Workloads = append(l.Workloads, listedWorkload{w.Name, w.Description, w.Languages, len(w.Exchanges)})
		builds += len(w.Languages)
	}
	for _, s := range survey.Available {
		l.Cells += builds * len(s.Mode.Rungs)
	}
	if asJSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(l)
	}
	return l.print(c)
}

func (l listing) print(c console) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RUNNER\tMODE\tVERSION\tRUNGS")
	for _, s := range l.Systems {
		if s.Unavailable == "" {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", s.Runner, s.Mode, s.Version, rungNames(s.Rungs))
		}
	}
	fmt.Fprintln(w, "\nWORKLOAD\tLANGUAGES\tEXCHANGES\tDESCRIPTION")
	for _, x := range l.Workloads {
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\n", x.Name, strings.Join(x.Languages, " "), x.Exchanges, x.Description)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\n%d cells can be measured on this machine.\n", l.Cells)
	missing := slices.DeleteFunc(slices.Clone(l.Systems), func(s results.SystemState) bool { return s.Unavailable == "" })
	if len(missing) > 0 {
		fmt.Fprintln(c.out, "\nNot on this machine:")
	}
	for _, s := range missing {
		fmt.Fprintf(c.out, "  %s: %s\n", strings.TrimSuffix(s.System.String(), "/"+bench.AllModes), s.Unavailable)
	}
	return nil
}

func rungNames(rungs []results.Rung) string {
	names := make([]string, len(rungs))
	for i, r := range rungs {
		names[i] = string(r)
	}
	return strings.Join(names, " ")
}
