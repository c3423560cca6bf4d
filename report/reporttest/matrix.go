package reporttest

import "edgebench/report/model"

// Matrix gives a model whose one section has a matrix with every tone, checks that
// some systems were not asked, and evidence that a renderer must quote.
func Matrix() *model.Model {
	good := model.Mark{Sign: "✓", Word: "denied", Tone: model.ToneGood}
	warn := model.Mark{Sign: "~", Word: "limited", Tone: model.ToneWarn}
	bad := model.Mark{Sign: "✗", Word: "allowed", Tone: model.ToneBad}
	none := model.Mark{Sign: "—", Word: "absent", Tone: model.ToneNone}
	known := model.Mark{Sign: "!", Word: "known", Tone: model.ToneNeutral}
	leak := bad
	leak.Evidence = `read "canary" <b>of the host</b>`
	system := func(name, runner, mode string, side model.Side) model.System {
		return model.System{Name: name, Runner: runner, Mode: mode, Side: side}
	}
	wasm := system("wazero/compiler", "wazero", "compiler", model.Wasm)
	container := system("oci/embedded", "oci", "embedded", model.Containers)
	x := &model.Matrix{
		ID: "attempts", Title: "Attempts by system",
		Columns: []model.MatrixColumn{{System: wasm, Variant: "default"}, {System: wasm, Variant: "hardened"}, {System: container}},
		Groups: []model.MatrixGroup{
			{Title: "files", Rows: []model.MatrixRow{
				{Name: "absolute path", Explanation: "Opens a canary by its absolute path.", Marks: []model.Mark{good, good, leak}},
				{Name: "many ..", Marks: []model.Mark{leak, good, warn}},
			}},
			{Title: "nothing asked"},
			{Title: "kernel", Rows: []model.MatrixRow{{Name: "mount", Marks: []model.Mark{none, {}, known}}}},
		},
		Legend:  []model.Mark{good, warn, bad, none, known},
		Notes:   []string{"a note on how to take it"},
		Picture: &model.Caption{Shows: "answers of one trial for each system", Reading: "A tick is good."},
	}
	return &model.Model{
		Title: "Matrix", Systems: []model.System{wasm, container},
		Sections: []model.Section{{ID: "isolation", Title: "Isolation", Intro: "What a guest reaches.", Elements: []model.Element{{Matrix: x}}}},
	}
}
