package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"edgebench/bench"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/workloads/build"
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
	// Artefacts are all that the workload is built as, by language and kind.
	Artefacts []bench.Availability `json:"artefacts"`
	// Sources are code of third parties that is built into some of them.
	Sources []listedSource `json:"sources"`
}

type listedSource struct {
	Name     string `json:"name"`
	Language string `json:"language"`
	From     string `json:"from"`
	Package  string `json:"package"`
	Version  string `json:"version"`
	// Licence is an SPDX expression.
	Licence string `json:"licence"`
}

func newList(c console) *cobra.Command {
	var asJSON bool
	var libraries libraryOptions
	cmd := &cobra.Command{
		Use:   "list",
		Short: "Show runners, modes, workloads and their builds, and why one can't be measured here",
		Long: `list shows runners and modes, workloads and what each is built as, the licences of
third parties' code in them, and why something can't be measured here. It builds
no workload. The builds of a workload are

  committed    in the repository
  built        in the cache
  buildable    built when a run asks for it
  unavailable  not to be had here, with the reason and the remedy`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return list(cmd.Context(), c, libraries, asJSON) },
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	libraries.flags(cmd.Flags())
	return cmd
}

func list(ctx context.Context, c console, libraries libraryOptions, asJSON bool) error {
	suite, err := bench.Open()
	if err == nil {
		err = libraries.use(suite, nil)
	}
	if err != nil {
		return usageError{err}
	}
	p := newProgress(c.err)
	survey, err := suite.Survey(ctx, nil, p.Step)
	if err == nil {
		p.Step("looking for the builds of workloads")
	}
	artefacts := suite.Artefacts(ctx)
	p.stop()
	if err != nil {
		return classify(err)
	}
	l := listing{
		Systems: survey.Systems, Workloads: []listedWorkload{},
		Cells: suite.Cells(survey.Available, artefacts),
	}
	for _, w := range suite.Set.List() {
		l.Workloads = append(l.Workloads, listed(w, artefacts))
	}
	if asJSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(l)
	}
	return l.print(c)
}

func listed(w build.Workload, artefacts []bench.Availability) listedWorkload {
	l := listedWorkload{
		Name: w.Name, Description: w.Description, Languages: w.Languages, Exchanges: len(w.Exchanges),
		Artefacts: []bench.Availability{}, Sources: []listedSource{},
	}
	for _, a := range artefacts {
		if a.Workload == w.Name {
			l.Artefacts = append(l.Artefacts, a)
		}
	}
	for _, s := range w.Sources {
		l.Sources = append(l.Sources, listedSource{s.Name, s.Language, string(s.From), s.Package, s.Version, s.Licence})
	}
	return l
}

func (l listing) print(c console) error {
	w := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "RUNNER\tMODE\tVERSION\tRELEASED\tRUNGS")
	for _, s := range l.Systems {
		if s.Unavailable == "" {
			fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Runner, s.Mode, s.VersionText(), cmp.Or(s.Released, "–"), rungNames(s.Rungs))
		}
	}
	fmt.Fprintln(w, "\nWORKLOAD\tEXCHANGES\tDESCRIPTION")
	for _, x := range l.Workloads {
		fmt.Fprintf(w, "%s\t%d\t%s\n", x.Name, x.Exchanges, x.Description)
	}
	reasons := l.printBuilds(w)
	l.printSources(w)
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Fprintf(c.out, "\n%d cells can be measured on this machine.\n", l.Cells)
	missing := slices.DeleteFunc(slices.Clone(l.Systems), func(s results.SystemState) bool { return s.Unavailable == "" })
	if len(missing)+len(reasons) > 0 {
		fmt.Fprintln(c.out, "\nNot on this machine:")
	}
	for _, s := range missing {
		fmt.Fprintf(c.out, "  %s: %s\n", strings.TrimSuffix(s.System.String(), "/"+bench.AllModes), s.Unavailable)
	}
	for i, reason := range reasons {
		fmt.Fprintf(c.out, "  [%d] %s\n", i+1, reason)
	}
	return nil
}

// printBuilds prints a line for each build with a column for each kind of
// artefact, and gives the reasons for what is unavailable, each once.
func (l listing) printBuilds(w io.Writer) (reasons []string) {
	fmt.Fprintln(w, "\nWORKLOAD\tBUILD\tMODULE\tCOMPONENT\tSCRIPT\tBINARY\tIMAGE")
	for _, x := range l.Workloads {
		name := x.Name
		for _, language := range x.Languages {
			line := []string{name, language}
			for _, kind := range runners.Kinds() {
				line = append(line, x.state(language, kind, &reasons))
			}
			fmt.Fprintln(w, strings.Join(line, "\t"))
			name = ""
		}
	}
	return reasons
}

// state is the word for an artefact, "–" where there is none of the kind.
func (x listedWorkload) state(language string, kind runners.Kind, reasons *[]string) string {
	for _, a := range x.Artefacts {
		if a.Language != language || a.Kind != kind {
			continue
		}
		if a.Unavailable == "" {
			return string(a.State)
		}
		i := slices.Index(*reasons, a.Unavailable)
		if i < 0 {
			i = len(*reasons)
			*reasons = append(*reasons, a.Unavailable)
		}
		return fmt.Sprintf("%s [%d]", a.State, i+1)
	}
	return "–"
}

// printSources prints the licences of third parties' code.
func (l listing) printSources(w io.Writer) {
	head := "\nCODE OF THIRD PARTIES\tVERSION\tLICENCE\tBUILT INTO\n"
	for _, x := range l.Workloads {
		for _, s := range x.Sources {
			fmt.Fprintf(w, "%s%s\t%s\t%s\t%s in %s\n", head, s.Name, s.Version, s.Licence, x.Name, s.Language)
			head = ""
		}
	}
}

func rungNames(rungs []results.Rung) string {
	names := make([]string, len(rungs))
	for i, r := range rungs {
		names[i] = string(r)
	}
	return strings.Join(names, " ")
}
