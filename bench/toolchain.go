package bench

import (
	"bytes"
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"

	"edgebench/results"
)

// toolchainSettings of the Go toolchain bear on the code of agents.
var toolchainSettings = []string{
	"GOVERSION", "GOFLAGS", "GOEXPERIMENT", "GOAMD64", "GOARM64", "CGO_ENABLED", "CGO_CFLAGS", "CGO_LDFLAGS", "CC",
}

// toolchain is what builds agents here: the settings that are not empty, and
// the version of the C compiler; nil where there is no Go toolchain. Agents
// that lie beside the program have been built elsewhere; see agentState.
func (h *Installation) toolchain() map[string]string {
	cmd := exec.Command("go", append([]string{"env", "-json"}, toolchainSettings...)...)
	cmd.Dir = h.Root
	out, err := cmd.Output()
	if err != nil {
		return nil
	}
	var found map[string]string
	if json.Unmarshal(out, &found) != nil {
		return nil
	}
	maps.DeleteFunc(found, func(_, value string) bool { return value == "" })
	if version := compilerVersion(found["CC"]); version != "" && found["CGO_ENABLED"] == "1" {
		found["cc_version"] = version
	}
	return found
}

// compilerVersion is the first line of what a C compiler says of its version,
// "" where there is none.
func compilerVersion(cc string) string {
	words := strings.Fields(cc) // it may come with flags
	if len(words) == 0 {
		return ""
	}
	out, err := exec.Command(words[0], append(words[1:], "--version")...).Output()
	if err != nil {
		return ""
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return strings.Join(strings.Fields(line), " ")
}

// agentStates describes the agents that could be had, by their names.
func (h *Installation) agentStates() []results.AgentState {
	h.mu.Lock()
	defer h.mu.Unlock()
	var states []results.AgentState
	for _, runner := range slices.Sorted(maps.Keys(h.agents)) {
		if a := h.agents[runner]; a.err == nil {
			states = append(states, agentState(runner, a.path))
		}
	}
	return states
}

// agentState reads from an agent's file who built it and how. What the file
// does not tell is left out.
func agentState(runner, path string) results.AgentState {
	state := results.AgentState{Runner: runner, SHA256: fileSum(path), Compilers: compilers(path)}
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return state
	}
	state.GoVersion = info.GoVersion
	state.Settings = map[string]string{}
	for _, s := range info.Settings {
		// What git told of the sources is the run's commit.
		if !strings.HasPrefix(s.Key, "vcs") && s.Value != "" {
			state.Settings[s.Key] = s.Value
		}
	}
	return state
}

// fileSum is the SHA-256 of a file, "" where it can't be read.
func fileSum(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return ""
	}
	return hex.EncodeToString(sum.Sum(nil))
}

// maxCompilers bounds how many compilers of an executable are named.
const maxCompilers = 32

// compilers lists those that left their names in an ELF executable, which all
// C, C++ and Rust compilers do. Go's does not.
func compilers(path string) []string {
	f, err := elf.Open(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	section := f.Section(".comment")
	if section == nil || section.Size > 1<<16 {
		return nil
	}
	text, err := section.Data()
	if err != nil {
		return nil
	}
	var names []string
	for name := range bytes.SplitSeq(text, []byte{0}) {
		if s := strings.Join(strings.Fields(strings.ToValidUTF8(string(name), "")), " "); s != "" && len(names) < maxCompilers {
			names = append(names, s)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}
