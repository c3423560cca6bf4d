package results

import (
	"fmt"
	"slices"
	"strings"
)

// Unknown is the error of a name that is none of those that are known, with the nearest
// of them if one is near. What the name is of, such as a runner, is told in one word.
func Unknown(what, name string, known []string) error {
	choice := slices.Compact(slices.Sorted(slices.Values(known)))
	nearest := ""
	if n := Nearest(name, choice); n != "" {
		nearest = fmt.Sprintf(", the nearest is %s", n)
	}
	const most = 64
	if len(name) > most {
		name = strings.ToValidUTF8(name[:most], "") + "…"
	}
	return fmt.Errorf("unknown %s %q%s: choose from %s", what, name, nearest, strings.Join(choice, ", "))
}

// Nearest gives the one of several names that differs least from a name, "" if each
// differs in more than a third of its letters. A letter that is missing, added or another
// counts as one difference, and so do two that have changed places.
func Nearest(name string, known []string) string {
	best, least := "", max(1, len(name)/3)+1
	for _, k := range known {
		// A longer difference than that of the lengths can't be; it also bounds the work.
		if abs(len(k)-len(name)) >= least {
			continue
		}
		if d := distance(strings.ToLower(name), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// distance counts the differences of two texts in bytes (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			other := 1
			if a[i-1] == b[j-1] {
				other = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+other)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
