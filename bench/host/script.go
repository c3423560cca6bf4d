package host

import "strings"

// Script gives a script for sh(1) that mends what commands can mend of the
// findings that are not OK: one command a line, with what it does behind it.
// Advice that is no command stands in comments. Every text of a finding is one
// line, so that none can end its comment.
func Script(findings []Finding) string {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n# Nothing of this has been run: read it, then run it as root. What it sets\n# lasts until the machine starts again.\n")
	mended := false
	for _, f := range findings {
		if f.State != Warn && f.State != Bad {
			continue
		}
		mended = true
		b.WriteString("\n# " + strings.ReplaceAll(f.Name, "_", " ") + ": " + f.Value + "\n")
		if len(f.Fix) == 0 {
			b.WriteString("# No command mends it: " + f.Mend + "\n")
		}
		for _, c := range f.Fix {
			b.WriteString(c.Run + "  # " + c.Does + "\n")
		}
	}
	if !mended {
		b.WriteString("\n# There is nothing to mend.\n")
	}
	return b.String()
}
