package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"edgebench/report"
	"edgebench/report/html"
	"edgebench/report/text"
	"edgebench/results"
)

// compareOptions are the flags of compare.
type compareOptions struct {
	failIf             []string
	cells, with        string
	html, markdown     string
	all, force, asJSON bool
}

// tripped is the error of a threshold.
type tripped struct{ error }

func newCompare(c console) *cobra.Command {
	var o compareOptions
	cmd := &cobra.Command{
		Use:   "compare OLD NEW | compare DIR --cells … --with …",
		Short: "Compare two runs, or cells of one: what is slower, faster, or the same",
		Long: `compare sets two runs' folders side by side, with intervals and a test that holds
over the whole matrix: each runner as a whole, then single cells. Runs on
different hardware are refused; other differences are named. Exit code 3 when a
threshold trips:

  benchrun compare old new --fail-if 'slower>5%'
  benchrun compare old new --fail-if 'slower>3% runner=wazero'   # its cells and it as a whole
  benchrun compare old new --html compare.html --markdown compare.md
  benchrun compare old new --fail-if 'slower runner=wasmtime rung=cold' --fail-if missing

Of one run it compares those cells that differ in what is named and in nothing else:

  benchrun compare run --cells 'runner=wazero mode=compiler' --with 'runner=wasmtime mode=aot'
  benchrun compare run --cells build=c --with build=rust`,
		RunE: func(_ *cobra.Command, args []string) error {
			switch ofCells := o.cells != "" || o.with != ""; {
			case ofCells && (len(args) != 1 || o.cells == "" || o.with == ""):
				return usageError{errors.New("--cells and --with belong together, with the folder of one run")}
			case ofCells:
				return compareCells(c, args[0], o)
			case len(args) != 2:
				return usageError{fmt.Errorf("compare needs the folders of two runs, the older first, got %d", len(args))}
			}
			return compare(c, args[0], args[1], o)
		},
	}
	f := cmd.Flags()
	f.StringArrayVar(&o.failIf, "fail-if", nil, "exit with 3 if anything is so: `word`[>N%] [key=value …], word is slower, faster, undecided or missing; may be given again")
	f.StringVar(&o.cells, "cells", "", "of one run: the cells that stand beside others, as key=value …")
	f.StringVar(&o.with, "with", "", "of one run: the cells that they are compared with, by the same keys")
	f.BoolVar(&o.all, "all", false, "show every row, also what is the same or undecided")
	f.BoolVar(&o.force, "force", false, "compare even what was measured on other hardware")
	f.StringVar(&o.html, "html", "", "write the comparison as one self-contained HTML `file`")
	f.StringVar(&o.markdown, "markdown", "", "write the comparison as Markdown to this `file`, the verdict first, for a pull request")
	f.BoolVar(&o.asJSON, "json", false, "print JSON, with the old and the new values and what each threshold found")
	completeCells(cmd, "fail-if", "slower", "faster", "undecided", "missing")
	completeCells(cmd, "cells")
	completeCells(cmd, "with")
	return cmd
}

func compare(c console, oldDir, newDir string, o compareOptions) error {
	thresholds, err := parseThresholds(o.failIf)
	if err != nil {
		return usageError{err}
	}
	old, err := openRun(c, oldDir)
	if err != nil {
		return err
	}
	new, err := openRun(c, newDir)
	if err != nil {
		return err
	}
	m := report.Compare(old, new, o.force)
	if err := printComparison(c, m, o, thresholds); err != nil {
		return err
	}
	if m.Refused() && !o.force {
		return usageError{fmt.Errorf("%s and %s are not comparable: they differ in %s", oldDir, newDir, forbidding(m))}
	}
	return trip(thresholds, m)
}

func compareCells(c console, dir string, o compareOptions) error {
	thresholds, err := parseThresholds(o.failIf)
	if err != nil {
		return usageError{err}
	}
	cells, err := report.ParseSelector(o.cells)
	if err != nil {
		return usageError{err}
	}
	with, err := report.ParseSelector(o.with)
	if err != nil {
		return usageError{err}
	}
	run, err := openRun(c, dir)
	if err != nil {
		return err
	}
	m, err := report.CompareCells(run, cells, with)
	if err != nil {
		return usageError{fmt.Errorf("%s: %w", dir, err)}
	}
	if err := printComparison(c, m, o, thresholds); err != nil {
		return err
	}
	return trip(thresholds, m)
}

// printComparison prints what was compared, once the thresholds are known to mean
// something in it.
func printComparison(c console, m *report.Comparison, o compareOptions, thresholds []report.Threshold) error {
	for _, t := range thresholds {
		if err := t.Check(m); err != nil {
			return usageError{err}
		}
	}
	outputs := []struct {
		path  string
		write func(io.Writer) error
	}{
		{o.html, func(w io.Writer) error { return html.WriteComparison(w, m) }},
		{o.markdown, func(w io.Writer) error { return text.CompareMarkdown(w, m, o.all) }},
	}
	for _, out := range outputs {
		if out.path != "" {
			if err := toFile(c, out.path, out.write); err != nil {
				return err
			}
		}
	}
	if (o.html != "" || o.markdown != "") && !o.asJSON {
		return nil
	}
	if o.asJSON {
		e := json.NewEncoder(c.out)
		e.SetIndent("", "  ")
		return e.Encode(comparisonJSON(m, thresholds))
	}
	return text.Compare(c.out, m, o.all, width(c.out), c.colour())
}

func parseThresholds(texts []string) ([]report.Threshold, error) {
	var list []report.Threshold
	for _, text := range texts {
		t, err := report.ParseThreshold(text)
		if err != nil {
			return nil, err
		}
		list = append(list, t)
	}
	return list, nil
}

func openRun(c console, dir string) (*results.Folder, error) {
	folder, err := results.Open(dir)
	if err != nil {
		return nil, usageError{err}
	}
	for _, w := range folder.Warnings {
		fmt.Fprintln(c.err, w)
	}
	return folder, nil
}

// forbidding names the fields that forbid the comparison.
func forbidding(m *report.Comparison) string {
	var fields []string
	for _, d := range m.Differences {
		if d.Refused {
			fields = append(fields, d.Field)
		}
	}
	return strings.Join(fields, ", ")
}

func trip(thresholds []report.Threshold, m *report.Comparison) error {
	for _, t := range thresholds {
		if names := t.Trips(m); len(names) > 0 {
			return tripped{fmt.Errorf("%s: %d, the first is %s", t, len(names), names[0])}
		}
	}
	return nil
}
