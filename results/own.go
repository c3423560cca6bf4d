package results

import "fmt"

// Own describes programs of a user's that a run measures.
type Own struct {
	Programs []Program `json:"programs"`
	// Learnt says that no right response was given: it is the programs' own answer,
	// which each of them has given twice before the run.
	Learnt bool `json:"learnt,omitempty"`
}

// Program is one of them.
type Program struct {
	// Build names it in cells, Name is the user's name for it, without folders.
	Build string `json:"build"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
	// Form says in words what it is, Interface how it takes requests.
	Form      string `json:"form,omitempty"`
	Interface string `json:"interface,omitempty"`
	// Refused is why it is not measured, "" if it is.
	Refused string `json:"refused,omitempty"`
}

// maxPrograms bounds the programs of one run.
const maxPrograms = 100

func (o *Own) validate() error {
	if o == nil {
		return nil
	}
	if len(o.Programs) > maxPrograms {
		return fmt.Errorf("own has %d programs, at most %d are read", len(o.Programs), maxPrograms)
	}
	for _, p := range o.Programs {
		if !isName(p.Build) || p.Name == "" {
			return fmt.Errorf("own has a program %q without a name, or with the invalid build %q", p.Name, p.Build)
		}
	}
	return nil
}
