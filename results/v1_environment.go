package results

// environmentV1 is environment.json in schema 1: it called a build a language and
// did not say which systems an engine serves.
type environmentV1 struct {
	Environment
	Artefacts []struct {
		ArtefactState
		Language string `json:"language"`
	} `json:"artefacts"`
}

func (e environmentV1) environment() (Environment, error) {
	out := e.Environment
	for _, a := range e.Artefacts {
		a.Build = a.Language
		out.Artefacts = append(out.Artefacts, a.ArtefactState)
	}
	for i, s := range out.Systems {
		out.Systems[i].Engine = s.Runner == "docker" || s.Runner == "oci" && s.Mode != "embedded"
	}
	return out, nil
}
