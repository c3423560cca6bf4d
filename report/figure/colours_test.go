package figure

import (
	"math"
	"slices"
	"testing"

	"edgebench/report/model"
	"edgebench/runners"
)

// luminance by WCAG 2.2.
func luminance(c rgb) float64 {
	channel := func(shift int) float64 {
		v := float64(c>>shift&255) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func contrast(x, y rgb) float64 {
	a, b := luminance(x), luminance(y)
	return (max(a, b) + 0.05) / (min(a, b) + 0.05)
}

func TestRunnersCanBeSeen(t *testing.T) {
	const minimum = 3 // WCAG 2.2, 1.4.11
	page := pageColours()[0]
	for _, p := range slices.Concat(runnerColours(), fallbacks()) {
		if c := contrast(p.light, page.light); c < minimum {
			t.Errorf("%s %s has a contrast of %.2f on light paper", p.name, p.light, c)
		}
		if c := contrast(p.dark, page.dark); c < minimum {
			t.Errorf("%s %s has a contrast of %.2f on dark paper", p.name, p.dark, c)
		}
	}
}

// Inline finds the colours of an SVG by their light variant.
func TestNoColourIsThereTwice(t *testing.T) {
	names, colours := map[string]bool{}, map[rgb]string{}
	for _, p := range pigments() {
		if names[p.name] || colours[p.light] != "" {
			t.Errorf("%s %s occurs twice, also as %s", p.name, p.light, colours[p.light])
		}
		names[p.name], colours[p.light] = true, p.name
	}
}

func TestColourOfARunner(t *testing.T) {
	e := runners.Table()[0]
	if got := colourOf(model.System{Runner: e.Name}); got != e.Colour {
		t.Errorf("%s has %s, want %s of the table", e.Name, got, e.Colour)
	}
	for _, name := range []string{"", "nobody", "somebody"} {
		got := colourOf(model.System{Runner: name})
		if !slices.ContainsFunc(fallbacks(), func(p pigment) bool { return p.light == got }) {
			t.Errorf("runner %q has %s, which is no fallback", name, got)
		}
	}
}

// A runner with another library has the colour of its family, and other dashes.
func TestColourOfAnotherVersion(t *testing.T) {
	i := slices.IndexFunc(runners.Table(), func(e runners.Entry) bool { return e.Library != nil })
	family := runners.Table()[i].Name
	own := model.System{Name: family + "/fast", Runner: family, Mode: "fast"}
	next := model.System{Name: family + "@next/fast", Runner: family + "@next", Mode: "fast"}
	if pigmentOf(own) != pigmentOf(next) {
		t.Errorf("%+v and %+v", pigmentOf(own), pigmentOf(next))
	}
	all := []model.System{own, next}
	if slices.Equal(dashesOf(own, all), dashesOf(next, all)) {
		t.Error("both have the same dashes")
	}
}
