package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"edgebench/report"
	"edgebench/report/figure"
	"edgebench/report/html"
	"edgebench/report/text"
	"edgebench/results"
)

// historyOptions are the flags of history.
type historyOptions struct {
	cells, png, html string
	all              bool
}

func newHistory(c console) *cobra.Command {
	var o historyOptions
	cmd := &cobra.Command{
		Use:   "history DIR DIR…",
		Short: "Follow figures over several runs, or set machines side by side",
		Long: `history follows figures over the runs in several folders, in the order of their
times. Each run is compared with the one before on its machine, as compare does it. It
prints what any run changed:

  benchrun history runs/* --cells 'runner=wazero rung=cold'
  benchrun history laptop server --all
  benchrun history runs/* --html history.html`,
		RunE: func(_ *cobra.Command, args []string) error { return history(c, args, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.cells, "cells", "", "only figures of these cells, as key=value …")
	f.BoolVar(&o.all, "all", false, "show every figure, also what no run changed")
	f.StringVar(&o.html, "html", "", "write the history as one self-contained HTML `file`, with a line for each figure")
	f.StringVar(&o.png, "png", "", "write a line for each figure as PNG into this `folder`")
	return cmd
}

func history(c console, dirs []string, o historyOptions) error {
	cells, err := report.ParseSelector(o.cells)
	if err != nil {
		return usageError{err}
	}
	var folders []*results.Folder
	for _, dir := range dirs {
		folder, err := openRun(c, dir)
		if err != nil {
			return err
		}
		folders = append(folders, folder)
	}
	h, err := report.BuildHistory(folders, cells)
	if err != nil {
		return usageError{err}
	}
	if o.html != "" {
		if err := toFile(c, o.html, func(w io.Writer) error { return html.WriteHistory(w, h) }); err != nil {
			return err
		}
	}
	if o.html != "-" {
		if err := text.History(c.out, h, o.all, width(c.out), c.colour()); err != nil {
			return err
		}
	}
	if o.png == "" {
		return nil
	}
	var figures []figure.Figure
	for _, f := range h.Figures() {
		if picture, ok := figure.OfLines(&f.Chart); ok && (o.all || f.Changed()) {
			figures = append(figures, picture)
		}
	}
	if _, err := figure.WriteAll(o.png, figure.PNG, figures); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}
