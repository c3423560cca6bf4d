package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"edgebench/report"
	"edgebench/report/figure"
	"edgebench/report/model"
	"edgebench/report/text"
	"edgebench/results"
)

// historyOptions are the flags of history.
type historyOptions struct {
	cells, png string
	all        bool
}

func newHistory(c console) *cobra.Command {
	var o historyOptions
	cmd := &cobra.Command{
		Use:   "history DIR DIR…",
		Short: "Follow figures over several runs, or set machines side by side",
		Long: `history follows figures over the runs in several folders, in the order of their
times. Each run is compared with the one before, as compare does it, where both were
made on one machine. It prints what any run changed:

  benchrun history runs/* --cells 'runner=wazero rung=cold'
  benchrun history laptop server --all`,
		RunE: func(_ *cobra.Command, args []string) error { return history(c, args, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.cells, "cells", "", "only figures of these cells, as key=value …")
	f.BoolVar(&o.all, "all", false, "show every figure, also what no run changed")
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
	if err := text.History(c.out, h, o.all, width(c.out), c.colour()); err != nil {
		return err
	}
	if o.png == "" {
		return nil
	}
	var figures []figure.Figure
	for _, chart := range h.Charts(!o.all) {
		m := &model.Model{}
		for _, line := range chart.Series { // so that their dashes differ
			m.Systems = append(m.Systems, line.System)
		}
		if f, ok := figure.Of(m, model.Element{Chart: &chart}); ok {
			figures = append(figures, f)
		}
	}
	if _, err := figure.WriteAll(o.png, figure.PNG, figures); err != nil {
		return fmt.Errorf("write the figures: %w", err)
	}
	return nil
}
