package agent

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"

	"edgebench/runners"
	"edgebench/runners/protocol"
)

// LoadKeptTask loads what another machine or version has compiled and sends it the
// subject's requests (LoadKept → LoadedKept). What is prepared is copied before.
const LoadKeptTask = "load_kept"

// LoadKept says whether the copy is made to look like another version's.
type LoadKept struct {
	OtherVersion bool `json:"other_version,omitempty"`
}

// LoadedKept is what became of the stored code.
type LoadedKept struct {
	// Unversioned says that the runner does not know how another version's code looks.
	Unversioned bool          `json:"unversioned,omitempty"`
	Outcome     ModuleOutcome `json:"outcome"`
	// Rebuilt says that the runtime has stored code of its own meanwhile.
	Rebuilt bool `json:"rebuilt,omitempty"`
}

func loadKept(ctx context.Context, s *server, q protocol.Task) (any, error) {
	k, err := read[LoadKept](q)
	if err != nil {
		return nil, err
	}
	p, err := copyKept(q.Subject.Prepared, q.Subject.Options.Scratch)
	if err != nil {
		return nil, err
	}
	if k.OtherVersion {
		v, ok := s.runner.(runners.Versioned)
		if !ok {
			return LoadedKept{Unversioned: true}, nil
		}
		if p, err = v.OtherVersion(p); err != nil {
			return nil, err
		}
	}
	before, err := stored(p.Path)
	if err != nil {
		return nil, err
	}
	var found LoadedKept
	options := q.Subject.Options
	options.Prepared, options.Foreign = p.Path, true
	if found.Outcome, err = s.run(ctx, options, p, Module{Requests: requestsOf(q.Subject.Exchanges)}); err != nil {
		return nil, err
	}
	after, err := stored(p.Path)
	found.Rebuilt = before != after
	return found, err
}

// Asker is a started agent that carries out tasks.
type Asker interface {
	Ask(context.Context, protocol.Request) (protocol.Reply, error)
}

// AskLoadKept asks an agent for the task and checks its reply.
func AskLoadKept(ctx context.Context, a Asker, s protocol.Subject, k LoadKept) (found LoadedKept, err error) {
	q, err := protocol.NewTask(LoadKeptTask, s, k)
	if err != nil {
		return found, err
	}
	reply, err := a.Ask(ctx, q)
	if err != nil {
		return found, err
	}
	if err := reply.Decode(&found); err != nil {
		return found, err
	}
	if o := found.Outcome; !found.Unversioned && o.Refused == nil && len(o.Requests) != len(s.Exchanges) {
		return found, fmt.Errorf("the agent gives %d outcomes of %d requests", len(o.Requests), len(s.Exchanges))
	}
	return found, nil
}

func requestsOf(exchanges []runners.Exchange) [][]byte {
	all := make([][]byte, len(exchanges))
	for i, x := range exchanges {
		all[i] = x.Request
	}
	return all
}

// copyKept copies the file that Load reads, with the name of its folder and its times,
// by which runtimes tell whether it is theirs.
func copyKept(p runners.Prepared, scratch string) (runners.Prepared, error) {
	code, err := os.ReadFile(p.Path)
	if err != nil {
		return p, fmt.Errorf("copy the stored code: %w", err)
	}
	info, err := os.Stat(p.Path)
	if err != nil {
		return p, fmt.Errorf("copy the stored code: %w", err)
	}
	dir, err := os.MkdirTemp(scratch, "kept-")
	if err != nil {
		return p, fmt.Errorf("copy the stored code: %w", err)
	}
	to := filepath.Join(dir, filepath.Base(filepath.Dir(p.Path)), filepath.Base(p.Path))
	if err := os.Mkdir(filepath.Dir(to), 0o700); err != nil {
		return p, fmt.Errorf("copy the stored code: %w", err)
	}
	if err := os.WriteFile(to, code, 0o600); err != nil {
		return p, fmt.Errorf("copy the stored code: %w", err)
	}
	p.Path = to
	return p, os.Chtimes(to, info.ModTime(), info.ModTime())
}

// stored gives a hash of all files near a file of stored code: in its folder, and in
// those beside that.
func stored(path string) (sum [sha256.Size]byte, err error) {
	all := sha256.New()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(filepath.Dir(path)), "*", "*"))
	if err != nil {
		return sum, fmt.Errorf("look at the stored code: %w", err)
	}
	for _, f := range files {
		code, err := os.ReadFile(f)
		if err != nil {
			return sum, fmt.Errorf("look at the stored code: %w", err)
		}
		one := sha256.Sum256(code)
		all.Write([]byte(f))
		all.Write(one[:])
	}
	return [sha256.Size]byte(all.Sum(nil)), nil
}
