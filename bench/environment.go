package bench

import (
	"crypto/sha256"
	"encoding/hex"
	"os/exec"
	"slices"
	"strings"
	"time"

	"edgebench/results"
)

// environment records what another person needs to judge and repeat the run.
func (h *Installation) environment(o Options, s Survey, b builds, run string) results.Environment {
	env := results.Environment{
		Schema: results.Schema, Run: run, At: time.Now().UTC(), Host: o.Host,
		Systems: s.Systems, Command: o.Command, Commit: h.commit(),
		Changes: h.changes(), Toolchain: h.toolchain(), Agents: h.agentStates(),
	}
	for key, made := range b {
		state := results.ArtefactState{Artefact: key.Artefact, Kind: string(key.kind)}
		if made.err != nil {
			state.Unavailable = oneLine(made.err)
		} else {
			state.SHA256, state.Size = made.SHA256, made.Size
			state.Toolchain, state.Flags = made.Toolchain, made.Flags
		}
		env.Artefacts = append(env.Artefacts, state)
	}
	slices.SortFunc(env.Artefacts, func(a, b results.ArtefactState) int {
		return strings.Compare(a.Workload+"/"+a.Build+"/"+a.Kind, b.Workload+"/"+b.Build+"/"+b.Kind)
	})
	return env
}

// commit is the suite's version as git gives it, "" where there is none. A
// changed work tree is marked, for its figures can't be repeated from the
// commit.
func (h *Installation) commit() string {
	out, err := exec.Command("git", "-C", h.Root, "describe", "--always", "--dirty", "--abbrev=40").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// changes tells changed work trees at one commit apart, "" where nothing that
// git knows of is changed.
func (h *Installation) changes() string {
	out, err := exec.Command("git", "-C", h.Root, "diff", "--no-ext-diff", "--no-color", "--binary", "HEAD").Output()
	if err != nil || len(out) == 0 {
		return ""
	}
	sum := sha256.Sum256(out)
	return hex.EncodeToString(sum[:])
}
