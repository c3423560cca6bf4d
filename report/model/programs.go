package model

// Programs are a user's own, which are shown before all else.
type Programs struct {
	// Grid has a row for each program in each system that measured it.
	Grid Grid
	// Sentences say in words what the figures say.
	Sentences []string
	// Kinds say of each program what it is and how it takes requests.
	Kinds []Fact
	// Right says where the right responses come from.
	Right string
	// Alone says that the run has no classes, so that no table of claims follows.
	Alone bool
}

// HasTable says whether the table of claims is shown.
func (m *Model) HasTable() bool { return m.Programs == nil || !m.Programs.Alone }
