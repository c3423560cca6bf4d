package report

import "edgebench/report/model"

// maxAnswers bounds the sentences of the answer.
const maxAnswers = 4

// answer says what the lead pairs of the table show: of each property how the two
// compare, then what that takes.
func answer(t model.Table) []string {
	var first, further []string
	for _, r := range t.Rows {
		if len(r.Answers) > 0 {
			first, further = append(first, r.Answers[0]), append(further, r.Answers[1:]...)
		}
	}
	first = first[:min(len(first), max(0, maxAnswers-len(further)))]
	all := append(first, further...)
	return all[:min(len(all), maxAnswers)]
}
