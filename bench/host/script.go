package host

import "strings"

// Script gives a script for sh(1) that applies the remedies of all findings that
// are Warn or Bad. Each line holds one command, followed by a comment on its
// effect. Remedies without a command are comments. Every text of a finding is one
// line, so that none can end its comment.
func Script(findings []Finding) string {
	var b strings.Builder
	b.WriteString("#!/bin/sh\n# Nothing of this has been run: read it, then run it as root. What it sets\n# lasts until the machine starts again.\n")
	found := false
	for _, f := range findings {
		if f.State != Warn && f.State != Bad {
			continue
		}
		found = true
		b.WriteString("\n# " + strings.ReplaceAll(f.Name, "_", " ") + ": " + f.Value + "\n")
		if len(f.Fix) == 0 {
			b.WriteString("# No command applies this remedy: " + f.Remedy + "\n")
		}
		for _, c := range f.Fix {
			b.WriteString(c.Run + "  # " + c.Does + "\n")
		}
	}
	if !found {
		b.WriteString("\n# No finding needs a remedy.\n")
	}
	return b.String()
}
