package section

import (
	"fmt"
	"strings"

	"edgebench/report/format"
	"edgebench/report/model"
)

// Answer is how a property's lead pair is told in sentences.
type Answer struct {
	// Verb stands between a class and its figure, e.g. "answers its first request
	// after". Rest follows the first figure, Again precedes the second; "" for nothing.
	Verb, Rest, Again string
	// Needs is said before the figures of the next leading class of modules where
	// all of these are worse than those of the pair; "" for nothing.
	Needs string
}

// of gives the sentences, none where a side of the pair was not measured.
func (a Answer) of(row model.TableRow) []string {
	pair := row.Pair()
	if pair.Containers == nil || pair.Wasm == nil || !pair.Containers.Measured() || !pair.Wasm.Measured() {
		return nil
	}
	container, modules := pair.Containers.Best(row.Higher), pair.Wasm.Best(row.Higher)
	text := fmt.Sprintf("%s %s %s%s, %s %s%s", capital(noun(*pair.Containers)), a.Verb, figures(container), a.Rest,
		noun(*pair.Wasm), a.Again, figures(modules))
	if w := written(pair); w != "" {
		text += ": " + w
	}
	return append([]string{text + "."}, a.needs(row, *pair.Wasm)...)
}

// needs tells of the next leading class of modules.
func (a Answer) needs(row model.TableRow, pair model.ClassResult) []string {
	if a.Needs == "" {
		return nil
	}
	for _, c := range row.Lead() {
		if c.Side != model.Wasm || c.Name == pair.Name || !c.Measured() {
			continue
		}
		next, of := c.Best(row.Higher), pair.Best(row.Higher)
		if best, worst := next[0].Entry.Estimate.Value, of[len(of)-1].Entry.Estimate.Value; best > worst == row.Higher {
			return nil
		}
		return []string{fmt.Sprintf("%s: %s %s %s.", a.Needs, noun(c), a.Verb, figures(next))}
	}
	return nil
}

// noun is a class with its article.
func noun(c model.ClassResult) string {
	if c.Side == model.Containers {
		return "a container (" + c.Name + ")"
	}
	return "a WebAssembly module (" + c.Name + ")"
}

// figures of the measured cells of a class, from the smallest to the greatest.
func figures(cells []model.CellResult) string {
	smallest, greatest := cells[0], cells[len(cells)-1]
	if smallest.Entry.Estimate.Value > greatest.Entry.Estimate.Value {
		smallest, greatest = greatest, smallest
	}
	if first, last := figure(smallest), figure(greatest); first != last {
		return first + " to " + last
	}
	return figure(smallest)
}

func figure(c model.CellResult) string {
	e := c.Entry.Estimate
	text := format.Quantity(e.Value, e.Unit)
	switch {
	case c.LowerBound:
		return "at least " + text
	case c.Indicative():
		return "about " + text
	}
	return text
}

// written gives the factors between the sides of a pair.
func written(p model.LeadPair) string {
	if len(p.Advantages) == 0 {
		return ""
	}
	unit := p.Wasm.Best(true)[0].Entry.Estimate.Unit
	first := p.Advantages[0].Module.Value
	low, high := first, first
	for _, a := range p.Advantages {
		low, high = min(low, a.Module.Value), max(high, a.Module.Value)
	}
	return format.FactorRange(low, high, unit)
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
