package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// table is printed as one of Markdown.
type table struct {
	// title says what the figures are.
	title string
	head  []string
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

func (t table) print(w io.Writer) {
	widths := make([]int, len(t.head))
	for _, row := range append([][]string{t.head}, t.rows...) {
		for i, c := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(c))
		}
	}
	line := func(cells []string) {
		padded := make([]string, len(cells))
		for i, c := range cells {
			padded[i] = c + strings.Repeat(" ", widths[i]-utf8.RuneCountInString(c))
		}
		fmt.Fprintf(w, "| %s |\n", strings.Join(padded, " | "))
	}
	fmt.Fprintf(w, "%s\n\n", t.title)
	line(t.head)
	rules := make([]string, len(widths))
	for i, n := range widths {
		rules[i] = strings.Repeat("-", n)
	}
	line(rules)
	for _, row := range t.rows {
		line(row)
	}
}

// percent gives a share of n in per cent.
func percent(part, n int) string {
	if n == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", 100*float64(part)/float64(n))
}
