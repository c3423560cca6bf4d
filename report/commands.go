package report

import (
	"strings"

	"edgebench/report/model"
	"edgebench/report/view"
	"edgebench/results"
)

// commands repeat the run and make the report again.
func commands(m *model.Model, v *view.View) []model.Command {
	var list []model.Command
	if v.Env.Commit != "" {
		list = append(list, model.Command{Does: "take the suite at the commit of the run", Line: "git checkout " + quoted(v.Env.Commit)})
	}
	list = append(list, model.Command{Does: "install what it needs", Line: "scripts/setup-debian.sh"})
	if len(v.Env.Command) > 0 {
		var words []string
		for _, w := range v.Env.Command {
			words = append(words, quoted(w))
		}
		list = append(list, model.Command{Does: "repeat the run", Line: strings.Join(words, " ")})
	}
	list = append(list, model.Command{Does: "make this page from the records, in the folder of the run",
		Line: "benchrun report . --html " + results.ReportFile})
	if m.Run != "" {
		list = append(list, model.Command{Does: "compare another run with this one", Line: "benchrun compare . OTHER --html compare.html"})
	}
	return list
}

// quoted makes a word of a shell of a text from outside.
func quoted(s string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./=:,+@%", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
