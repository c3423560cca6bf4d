package figure

import (
	"fmt"
	"hash/crc32"
	"slices"

	"edgebench/report/model"
	"edgebench/runners"

	"gonum.org/v1/plot/palette"
	"gonum.org/v1/plot/vg"
)

type rgb = runners.Colour

// A pigment has a name, a colour for light paper, and one for dark paper, which a
// page with a dark theme uses.
type pigment struct {
	name  string
	light rgb
	dark  rgb
}

// The colours of page and text. All light ones differ, so that each can be
// found again in an SVG.
const (
	paper  rgb = 0xFFFFFF
	ink    rgb = 0x1B1B1F
	muted  rgb = 0x5E5E66
	grid   rgb = 0xE3E3E8
	stripe rgb = 0xF6F6F8
	alarm  rgb = 0xB3261E
)

func pageColours() []pigment {
	return []pigment{
		{"paper", paper, 0x17181C}, {"ink", ink, 0xE8E8EC}, {"muted", muted, 0xA4A4AE},
		{"grid", grid, 0x34353C}, {"stripe", stripe, 0x1E1F25}, {"alarm", alarm, 0xFF8A80},
	}
}

// fallbacks are for runners that the table does not have, and for rows that are
// no runner's.
func fallbacks() []pigment {
	var list []pigment
	for i, c := range []rgb{0x8C6D5A, 0x4F6D7A, 0x7D7A1E, 0x9A4F6B} {
		list = append(list, pigment{fmt.Sprintf("other-%d", i), c, onDark(c)})
	}
	return list
}

// runnerColours are those of the table, by the runner's name.
func runnerColours() []pigment {
	var list []pigment
	for _, e := range runners.Table() {
		list = append(list, pigmentOf(model.System{Runner: e.Name}))
	}
	return list
}

// onDark is a lighter and paler colour of the same hue.
func onDark(c rgb) rgb {
	hsv, _ := palette.HSVAModel.Convert(c).(palette.HSVA)
	hsv.S, hsv.V = hsv.S*0.75, min(1, hsv.V+0.25)
	r, g, b, _ := hsv.RGBA()
	return rgb(r>>8<<16 | g>>8<<8 | b>>8)
}

// colourOf is the colour of a system's runner.
func colourOf(s model.System) rgb { return pigmentOf(s).light }

func pigmentOf(s model.System) pigment {
	if e, ok := runners.Find(s.Runner); ok {
		return pigment{runners.FamilyOf(e.Name), e.Colour, onDark(e.Colour)}
	}
	list := fallbacks()
	return list[crc32.ChecksumIEEE([]byte(s.Runner))%uint32(len(list))]
}

// dashesOf tells the modes of a runner, in all its versions, apart in line figures.
func dashesOf(s model.System, all []model.System) []vg.Length {
	patterns := [][]vg.Length{nil, {6, 3}, {2, 2.5}, {8, 3, 2, 3}, {3, 1.5}, {10, 4}}
	n := 0
	for _, other := range all {
		if other.Name == s.Name {
			break
		}
		if colourOf(other) == colourOf(s) {
			n++
		}
	}
	return patterns[n%len(patterns)]
}

// stage groups phases of different systems that do the same: they have one
// colour, and no system has two of them on one rung.
type stage struct {
	pigment
	phases []string
}

func stages() []stage {
	return []stage{
		{pigment{"s-read", 0x88CCEE, 0x6FB6DA}, []string{runners.PhaseRead, runners.PhaseImport}},
		{pigment{"s-compile", 0x332288, 0x6F5FD0}, []string{runners.PhaseCompile, runners.PhaseUnpack}},
		{pigment{"s-store", 0x44AA99, 0x44AA9A}, []string{runners.PhaseStore}},
		{pigment{"s-spawn", 0xDDCC77, 0xC9B860}, []string{runners.PhaseSpawn}},
		{pigment{"s-boot", 0x99752E, 0xB58E42}, []string{runners.PhaseBoot}},
		{pigment{"s-load", 0x117733, 0x2E8B57}, []string{runners.PhaseLoad}},
		{pigment{"s-instantiate", 0xB84A5E, 0xC4566A}, []string{runners.PhaseInstantiate, runners.PhaseCreate}},
		{pigment{"s-start", 0x881155, 0xB04385}, []string{runners.PhaseStart, runners.PhaseResume}},
		{pigment{"s-initialise", 0xAA4499, 0xA84C9C}, []string{runners.PhaseInitialise, runners.PhaseEntry}},
		{pigment{"s-connect", 0x999933, 0xB0B04A}, []string{runners.PhaseConnect}},
		{pigment{"s-answer", 0xE69F00, 0xF0B020}, []string{runners.PhaseFirstCall, runners.PhaseFirstResponse}},
		{pigment{"s-rest", 0xC4C4CA, 0x8A8A94}, nil},
	}
}

// stageOf finds the stage of a phase; the last is for all that is unknown.
func stageOf(phase string) stage {
	list := stages()
	i := slices.IndexFunc(list, func(s stage) bool { return slices.Contains(s.phases, phase) })
	if i < 0 {
		i = len(list) - 1
	}
	return list[i]
}

// inkOn is black or white, whichever reads better on a colour (relative
// luminance of WCAG 2, without its gamma: enough to choose between two).
func inkOn(c rgb) rgb {
	r, g, b := float64(c>>16&255), float64(c>>8&255), float64(c&255)
	if 0.2126*r+0.7152*g+0.0722*b > 140 {
		return 0x000001
	}
	return 0xFFFFFE
}

// pigments are all that a figure may use.
func pigments() []pigment {
	list := slices.Concat(pageColours(), runnerColours(), fallbacks(), tones())
	for _, s := range stages() {
		list = append(list, s.pigment)
	}
	return list
}
