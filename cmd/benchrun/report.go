package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"edgebench/report"
	"edgebench/report/figure"
	"edgebench/report/html"
	"edgebench/report/model"
	"edgebench/report/text"
	"edgebench/results"
)

// reportOptions are the flags of report.
type reportOptions struct {
	html, png, svg, pdf, csv, benchfmt, markdown, json string
	figures, failIf                                    []string
	compress                                           bool
}

func newReport(c console) *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Render the records of a run again",
		Long: `report renders the records of a run again. Without flags it prints the tables.
A FILE of - is the standard output.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError{fmt.Errorf("report needs one run's folder, got %d", len(args))}
			}
			return render(c, args[0], o)
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.html, "html", "", "write the report as one self-contained HTML `file`")
	f.StringVar(&o.png, "png", "", "write the figures as PNG into this `folder`")
	f.StringVar(&o.svg, "svg", "", "write the figures as SVG into this `folder`")
	f.StringVar(&o.pdf, "pdf", "", "write the figures as PDF into this `folder`")
	f.StringSliceVar(&o.figures, "figures", nil, "write these figures alone, by `name` or pattern, such as poster or 'ladder-*'")
	f.StringVar(&o.json, "json", "", "write the table and the summaries as JSON to this `file`; see report/text/report.schema.json")
	f.StringVar(&o.markdown, "markdown", "", "write the table as Markdown to this `file`, for a pull request")
	f.StringVar(&o.csv, "csv", "", "write the samples' summaries as CSV to this `file`")
	f.StringVar(&o.benchfmt, "benchfmt", "", "write the values in Go's benchmark format to this `file`, for benchstat")
	limitFlag(f, &o.failIf)
	f.BoolVar(&o.compress, "compress", false, "replace records.jsonl by records.jsonl.gz, to publish the run")
	return cmd
}

// collectAt is the share by which the heap may grow before garbage is collected, in per
// cent. With it a run of 100,000 records is rendered within 500 MB.
const collectAt = 50

func render(c console, dir string, o reportOptions) error {
	defer debug.SetGCPercent(debug.SetGCPercent(collectAt))
	limits, err := parseLimits(o.failIf)
	if err != nil {
		return usageError{err}
	}
	folder, err := openRun(c, dir)
	if err != nil {
		return err
	}
	m := report.Build(folder.Plan, folder.Environment, folder.Records)
	if o.empty() {
		return text.Full(c.out, m, width(c.out), c.colour())
	}
	outputs := []struct {
		path  string
		write func(io.Writer) error
	}{
		{o.html, func(w io.Writer) error { return html.Write(w, m) }},
		{o.csv, func(w io.Writer) error { return text.CSV(w, m) }},
		{o.json, func(w io.Writer) error { return text.JSON(w, m) }},
		{o.markdown, func(w io.Writer) error { return text.Markdown(w, m) }},
		{o.benchfmt, func(w io.Writer) error { return text.Benchfmt(w, m) }},
	}
	for _, out := range outputs {
		if out.path != "" {
			if err := toFile(c, out.path, out.write); err != nil {
				return err
			}
		}
	}
	if o.compress {
		if err := results.Compress(dir); err != nil {
			return fmt.Errorf("compress the records: %w", err)
		}
	}
	if err := o.writeFigures(m); err != nil {
		return err
	}
	err = exceed(limits, m)
	var exceeded tripped
	if err != nil && !errors.As(err, &exceeded) {
		return usageError{err}
	}
	return err
}

// empty says that nothing is to be written.
func (o reportOptions) empty() bool {
	return !o.compress && o.figures == nil && o.failIf == nil &&
		cmp.Or(o.html, o.png, o.svg, o.pdf, o.csv, o.benchfmt, o.markdown, o.json) == ""
}

// writeFigures writes those that were asked for.
func (o reportOptions) writeFigures(m *model.Model) error {
	if o.figures != nil && cmp.Or(o.png, o.svg, o.pdf) == "" {
		return usageError{errors.New("--figures needs a folder: add --png, --svg or --pdf")}
	}
	figures, err := figure.Named(m, o.figures)
	if err != nil {
		return usageError{err}
	}
	for _, out := range []struct{ dir, format string }{{o.png, figure.PNG}, {o.svg, figure.SVG}, {o.pdf, figure.PDF}} {
		if out.dir != "" {
			if _, err := figure.WriteAll(out.dir, out.format, figures); err != nil {
				return fmt.Errorf("write the figures: %w", err)
			}
		}
	}
	return nil
}

// toFile writes to a file that appears when it is complete, or to the
// standard output.
func toFile(c console, path string, write func(io.Writer) error) (err error) {
	if path == "-" {
		return write(c.out)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".edgebench-*")
	if err != nil {
		return usageError{fmt.Errorf("write %s: %w", path, err)}
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Chmod(0o644); err != nil {
		f.Close()
		return fmt.Errorf("write %s: %w", path, err)
	}
	if err := f.Close(); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return os.Rename(f.Name(), path)
}

// readRun gives what the report of a run shows.
func readRun(dir string) (*model.Model, error) {
	folder, err := results.Open(dir)
	if err != nil {
		return nil, err
	}
	return report.Build(folder.Plan, folder.Environment, folder.Records), nil
}

// writeReport makes what every run ends with, the page and the pictures.
func writeReport(dir string, m *model.Model) error {
	page := func(w io.Writer) error { return html.Write(w, m) }
	if err := toFile(console{}, filepath.Join(dir, results.ReportFile), page); err != nil {
		return err
	}
	if _, err := figure.WriteAll(filepath.Join(dir, results.FiguresFolder), figure.PNG, figure.All(m)); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}

// width is that of the terminal, within what a table can be read in.
func width(w io.Writer) int {
	const most = 120
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return min(n, most)
		}
	}
	return most
}
