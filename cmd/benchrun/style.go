package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/term"
)

// Values of --style.
const (
	styleAuto   = "auto"
	stylePlain  = "plain"
	styleColour = "colour"
)

func styles() []string { return []string{styleAuto, stylePlain, styleColour} }

// checkStyle refuses a style that nobody knows.
func (c console) checkStyle() error {
	if c.style != nil && !slices.Contains(styles(), *c.style) {
		return usageError{fmt.Errorf("--style %s: choose from %s", *c.style, strings.Join(styles(), ", "))}
	}
	return nil
}

// colour says whether texts are coloured: as --style asks, or else on a terminal whose
// user has not asked to be spared it (https://no-color.org).
func (c console) colour() bool {
	if c.style != nil && *c.style != styleAuto {
		return *c.style == styleColour
	}
	f, ok := c.out.(*os.File)
	return ok && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && term.IsTerminal(int(f.Fd()))
}
