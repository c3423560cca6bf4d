// Package portability shows the experiment on portability: what each runtime supports,
// what it does with code that was compiled elsewhere, how many artefacts several
// architectures need, and what a registry holds of them.
package portability

import (
	"fmt"
	"slices"

	"edgebench/bench/experiment/portability"
	"edgebench/bench/experiment/registry"
	"edgebench/bench/stat/compare"
	"edgebench/report/model"
	"edgebench/report/section"
	"edgebench/report/view"
	"edgebench/results"
)

// Section of the report.
func Section() section.Section {
	return section.Section{
		Experiment: portability.Name, Benchmark: "Portability",
		Params:   []string{portability.QuestionParam, portability.PlatformParam},
		Compared: []string{portability.Artefacts, portability.Supported, portability.Passed},
		Methods: []string{
			"Each cell of the support matrix is the answer of a module that needs one feature. Expected is what the documentation of the runtime's version says.",
			"The tests of the specification are of this suite and name the sentence's section. A known failure has its reason beside it.",
			"Other architectures are emulated in user mode. What runs there is wrong or right, but its time says nothing.",
		},
		Build: build, Rows: rows, RowOrder: 40,
	}
}

func build(v *view.View) []model.Section {
	s := model.Section{ID: "portability", Title: "Portability",
		Intro: "What runs where: parts of WebAssembly by runtime, the same bytes on other platforms, and code that was compiled elsewhere."}
	for _, q := range questions {
		s.Elements = append(s.Elements, matrix(v, q)...)
	}
	s.Elements = append(s.Elements, disagreements(v)...)
	s.Elements = append(s.Elements, registryCharts(v)...)
	return []model.Section{s}
}

// rows judges the claims by the number of artefacts for three architectures.
func rows(v *view.View) []model.TableRow {
	metric, _ := registry.Metric(portability.Artefacts)
	containers, wasm := compare.AtLeast(float64(len(portability.Architectures()))), compare.Below(2)
	p := section.Property{Name: "portability", Claim: model.Claim{Containers: "an image per architecture", Wasm: "one binary, any host"}}
	if !slices.ContainsFunc(v.Cells(), func(c results.Cell) bool { return c.Experiment == portability.Name }) {
		return p.Unmeasured(v)
	}
	p.Claim.ContainersBound, p.Claim.WasmBound = "≥ 3 for 3 hosts", "1 for 3 hosts"
	p.Containers, p.Wasm = &containers, &wasm
	p.Notes = []string{"code that is compiled ahead is made for one architecture, and counts as an artefact for each"}
	return []model.TableRow{p.Row(v, section.Measure{
		Experiment: portability.Name, Metric: metric, Fixed: portability.Params(portability.AskArtefact),
		Words: "artefacts for hosts of amd64, arm64 and riscv64", Unrelated: true, Of: fmt.Sprintf("for %d hosts", len(portability.Architectures())),
	})}
}

// question is a matrix: which checks it has, and what it is called.
type question struct {
	id, title string
	ask       portability.Question
	shows     string
	reading   string
	// pictured says that there is a figure.
	pictured bool
	// failing says that rows are shown only where some system does not pass.
	failing bool
}

var questions = []question{
	{id: "features", title: "Features of WebAssembly", ask: portability.AskFeatures, pictured: true,
		shows:   "what a module that needs one feature does in each runtime and mode",
		reading: "✓ runs and answers rightly, — is refused, ✗ is wrong. An exclamation mark says that the documentation promises something else."},
	{id: "specification", title: "Tests of the specification that do not pass", ask: portability.AskSpecification, failing: true,
		shows:   "tests of sentences of the specification that do not pass in some runtime",
		reading: "A cross is a failure. A failure that is known has its reason."},
	{id: "artefacts", title: "The artefact, and code of another version", ask: portability.AskArtefact,
		shows:   "whether the responses of the artefact are right, and what the runtime does with stored code of another version",
		reading: "Stored code that is refused or compiled again is safe."},
	{id: "images", title: "Images for several architectures", ask: portability.AskImages,
		shows:   "images of one index by architecture, and what this machine does with an executable of another",
		reading: "Each image was built, written, read back and compared with its digests."},
	{id: "platforms", title: "The same bytes on other platforms", ask: portability.AskPlatform, pictured: true,
		shows:   "the responses of the same bytes on other platforms, and what the runtime does there with code that was compiled here",
		reading: "The same bytes should answer alike everywhere. Stored code that is refused or compiled again is safe."},
}

// words are the marks of results.
var words = map[string]model.Mark{
	portability.ResultSupported: {Sign: "✓", Tone: model.ToneGood},
	portability.ResultPassed:    {Sign: "✓", Tone: model.ToneGood},
	portability.ResultIdentical: {Sign: "✓", Tone: model.ToneGood},
	portability.ResultRefused:   {Sign: "✓", Tone: model.ToneGood},
	portability.ResultRebuilt:   {Sign: "+", Tone: model.ToneGood},
	portability.ResultBuilt:     {Sign: "✓", Tone: model.ToneGood},
	portability.ResultRuns:      {Sign: ">", Tone: model.ToneNeutral},
	portability.ResultAbsent:    {Sign: "—", Tone: model.ToneNone},
	portability.ResultUnasked:   {Sign: "~", Tone: model.ToneNone},
	portability.ResultFailed:    {Sign: "✗", Tone: model.ToneBad},
	portability.ResultWrong:     {Sign: "✗", Tone: model.ToneBad},
	portability.ResultDiffers:   {Sign: "✗", Tone: model.ToneBad},
	portability.ResultCrashed:   {Sign: "✗", Tone: model.ToneBad},
	portability.ResultHung:      {Sign: "✗", Tone: model.ToneBad},
}

// mark shows a check. What was not expected is marked as such, what is known to fail
// warns.
func mark(c results.Check) model.Mark {
	m, known := words[c.Result]
	if !known {
		m = model.Mark{Sign: "?", Tone: model.ToneWarn}
	}
	m.Word, m.Evidence = c.Result, c.Evidence
	switch {
	case c.Unexpected():
		m.Sign, m.Tone = "!", model.ToneBad
		m.Word += ", not " + c.Expected
	case c.Expected == portability.ResultFailed, c.Expected == portability.ResultHung, c.Expected == portability.ResultCrashed:
		m.Word, m.Tone = "known failure", model.ToneWarn
	}
	return m
}
