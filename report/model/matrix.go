package model

// Matrix shows answers in a word: one row for each check, one column for each system,
// a mark where they meet.
type Matrix struct {
	ID    string
	Title string
	// Columns name systems, each perhaps in several ways.
	Columns []MatrixColumn
	Groups  []MatrixGroup
	// Legend has each mark that occurs once, without evidence.
	Legend []Mark
	Notes  []string
	// Picture is nil for none.
	Picture *Caption
}

// MatrixColumn is a system, and in which way it was asked: Variant is "" where there
// is one way alone.
type MatrixColumn struct {
	System  System
	Variant string
}

// Label names the column.
func (c MatrixColumn) Label() string {
	if c.Variant == "" {
		return c.System.Name
	}
	return c.System.Name + " " + c.Variant
}

// MatrixGroup is what rows have in common.
type MatrixGroup struct {
	Title string
	Rows  []MatrixRow
}

// MatrixRow is one check. It has one mark for each column.
type MatrixRow struct {
	Name string
	// Explanation says in a sentence what is asked; "" where the name says it.
	Explanation string
	Marks       []Mark
}

// Mark is the answer of one system. The zero Mark says that it was not asked.
type Mark struct {
	// Sign is one character, which tells marks apart without their colour: ✓, ✗, or
	// one that common fonts have. Word says the same.
	Sign, Word string
	Tone       Tone
	// Evidence is what was seen; "" where there is nothing to add.
	Evidence string
}

// Tone is how a mark is to be taken.
type Tone string

// The tones.
const (
	ToneNeutral Tone = ""
	ToneGood    Tone = "good"
	ToneWarn    Tone = "warn"
	ToneBad     Tone = "bad"
	// ToneNone is that of what does not exist for a system.
	ToneNone Tone = "none"
)

// Name is a word for the tone, which is safe in style sheets.
func (t Tone) Name() string {
	if t == ToneNeutral {
		return "neutral"
	}
	return string(t)
}

// NotAsked is the sign of a zero Mark.
const NotAsked = "·"

// Asked says whether there is an answer.
func (m Mark) Asked() bool { return m.Word != "" }

// Drawn is the sign that is shown.
func (m Mark) Drawn() string {
	if !m.Asked() {
		return NotAsked
	}
	return m.Sign
}
