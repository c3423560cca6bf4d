package model

import (
	"slices"

	"edgebench/bench/stat/estimate"
	"edgebench/report/format"
)

// LeadPair is the class of each side that stands for it in a row: the first leading
// one of the plan. A side without any is nil.
type LeadPair struct {
	Containers, Wasm *ClassResult
	// Advantages are those of the modules over the container.
	Advantages []Advantage
}

// Advantage is how many times better a module's figure is than a container's.
type Advantage struct {
	System System
	// Ratio is above 1 where the module is better: shorter, smaller, or more of
	// what is better when there is more.
	Ratio estimate.Estimate
	// Module is the ratio of the module's figure to the container's, and Written
	// the same in words.
	Module  estimate.Estimate
	Written string
}

// Pair gives the lead pair of a row.
func (r TableRow) Pair() LeadPair {
	p := LeadPair{Containers: r.leading(Containers), Wasm: r.leading(Wasm)}
	if p.Containers == nil || p.Wasm == nil {
		return p
	}
	for _, ratio := range r.Ratios {
		if p.Containers.has(ratio.Over) && p.Wasm.has(ratio.Under) && ratio.Ratio.Value > 0 {
			p.Advantages = append(p.Advantages, r.advantage(ratio))
		}
	}
	return p
}

// NoFactor says why a pair has no advantages; "" where it has some.
func (p LeadPair) NoFactor() string {
	bounded := func(c *ClassResult) bool {
		return c != nil && slices.ContainsFunc(c.Cells, func(x CellResult) bool { return x.LowerBound })
	}
	switch {
	case len(p.Advantages) > 0:
		return ""
	case bounded(p.Containers) || bounded(p.Wasm):
		return "no factor between lower bounds"
	}
	return "no factor"
}

// advantage of a module, from the ratio of a container to it.
func (r TableRow) advantage(ratio NamedRatio) Advantage {
	module := turned(ratio.Ratio)
	a := Advantage{System: ratio.Under.System, Ratio: ratio.Ratio, Module: module, Written: r.Factor(ratio)}
	if r.Higher {
		a.Ratio = module
	}
	return a
}

// Factor writes how the module of a ratio stands to its container, in words with the
// interval.
func (r TableRow) Factor(ratio NamedRatio) string { return format.Factor(turned(ratio.Ratio), r.Unit) }

// turned is the ratio of the other side to this one.
func turned(e estimate.Estimate) estimate.Estimate {
	e.Value = 1 / e.Value
	if i := e.Interval; i != nil {
		e.Interval = &estimate.Interval{Low: 1 / i.High, High: 1 / i.Low, Method: i.Method}
	}
	return e
}

// leading is the first class of a side that leads.
func (r TableRow) leading(s Side) *ClassResult {
	i := slices.IndexFunc(r.Classes, func(c ClassResult) bool { return c.Lead && c.Side == s })
	if i < 0 {
		return nil
	}
	return &r.Classes[i]
}

func (c ClassResult) has(x CellResult) bool {
	return slices.ContainsFunc(c.Cells, func(o CellResult) bool { return o.Cell == x.Cell })
}

// Best orders the measured cells of a class from the best to the worst.
func (c ClassResult) Best(higher bool) []CellResult {
	list := slices.DeleteFunc(slices.Clone(c.Cells), func(x CellResult) bool { return x.Entry.State != Measured })
	slices.SortStableFunc(list, func(a, b CellResult) int {
		x, y := a.Entry.Estimate.Value, b.Entry.Estimate.Value
		switch {
		case x == y:
			return 0
		case x < y != higher:
			return -1
		}
		return 1
	})
	return list
}
