package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/gofrs/flock"

	"edgebench/bench/host"
	"edgebench/bench/trial"
	"edgebench/runners"
)

// runDir is the folder for a run's temporary files.
type runDir struct {
	dir   string
	token string
	lock  *flock.Flock
}

// runDirState lists what has to be swept after a crash.
type runDirState struct {
	Run     string   `json:"run"`
	Runners []string `json:"runners"`
}

const stateFile = "state.json"

func runDirs(cache string) string { return filepath.Join(cache, "runs") }

// lockOf is beside the folder and not in it: it is taken before the folder is
// there, so that nobody sees a folder without its lock, and Windows can't
// remove a folder with an open file.
func lockOf(cache, token string) *flock.Flock {
	return flock.New(filepath.Join(runDirs(cache), token+".lock"))
}

// openRunDir makes and locks the folder of a run. Its name is short: sockets lie
// in it.
func openRunDir(cache, run, token string, names []string) (*runDir, error) {
	l := &runDir{dir: filepath.Join(runDirs(cache), token), token: token, lock: lockOf(cache, token)}
	if err := os.MkdirAll(runDirs(cache), 0o700); err != nil {
		return nil, fmt.Errorf("make the folder of runs: %w", err)
	}
	ok, err := l.lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the run's scratch folder %s: %w: make the folder writable, or choose another for caches (XDG_CACHE_HOME on Linux)", l.dir, err)
	}
	if !ok {
		return nil, fmt.Errorf("lock the run's scratch folder %s: another process uses it", l.dir)
	}
	b, err := json.Marshal(runDirState{Run: run, Runners: names})
	if err == nil {
		err = os.Mkdir(l.dir, 0o700)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(l.dir, stateFile), b, 0o600)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("make the run's scratch folder: %w", err), l.close())
	}
	return l, nil
}

// Scopes label what could outlive a crash: that of the trials, swept whenever
// a trial fails, and that of what is prepared, swept at the end.
func (l *runDir) trials() string   { return scopeOf(l.token, "t") }
func (l *runDir) prepared() string { return scopeOf(l.token, "p") }

func scopeOf(token, kind string) string { return "eb-" + token + "-" + kind }

// keepAgent puts an agent's executable into the folder, so that whoever builds
// another one meanwhile does not change what this run measures with.
func (l *runDir) keepAgent(runner, path string) (string, error) {
	kept := filepath.Join(l.dir, "agent-"+runner+filepath.Ext(path))
	if os.Link(path, kept) == nil {
		return kept, nil
	}
	return kept, copyFile(kept, path)
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	return runners.WriteProgram(to, in)
}

// close removes the folder, and then its lock.
func (l *runDir) close() error {
	return errors.Join(os.RemoveAll(l.dir), l.lock.Unlock(), os.Remove(l.lock.Path()))
}

var tokenForm = regexp.MustCompile(`^[0-9a-f]{8}$`)

// Leftovers removes containers, images, control groups, processes and folders of
// crashed runs. It does not touch running ones. If something can't be removed
// now, for example because its engine does not run, the next call tries again: a
// runner of which the survey found nothing available is not asked, since a frozen
// engine would be waited for. The notes report what was done.
func (h *Installation) Leftovers(ctx context.Context, s Survey, note func(string)) error {
	entries, err := os.ReadDir(runDirs(h.Cache))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for what earlier runs left: %w", err)
	}
	silent := s.silent()
	for _, e := range entries {
		if !e.IsDir() || !tokenForm.MatchString(e.Name()) {
			continue
		}
		if err := h.leftover(ctx, e.Name(), silent, note); err != nil {
			note("an earlier run's leftovers stay for now: " + oneLine(err))
		}
	}
	return ctx.Err()
}

func (h *Installation) leftover(ctx context.Context, token string, silent map[string]bool, note func(string)) error {
	l := &runDir{dir: filepath.Join(runDirs(h.Cache), token), token: token, lock: lockOf(h.Cache, token)}
	ok, err := l.lock.TryLock()
	if err != nil || !ok {
		return err // it lives
	}
	if _, err := os.Stat(l.dir); errors.Is(err, os.ErrNotExist) {
		return l.lock.Unlock() // it has just ended
	}
	var state runDirState
	if b, err := os.ReadFile(filepath.Join(l.dir, stateFile)); err == nil && json.Unmarshal(b, &state) != nil {
		state = runDirState{}
	}
	if err := h.sweep(ctx, state.Runners, silent, l.trials(), l.prepared()); err != nil {
		return errors.Join(err, l.lock.Unlock())
	}
	if err := l.close(); err != nil {
		return err
	}
	note("removed what run " + state.Run + " left behind when it died")
	return nil
}

// sweep lets each runner remove what bears the scopes. It goes through all of them, also
// when one can't be asked. It does not ask silent runners, and notes those that fail as
// silent.
func (h *Installation) sweep(ctx context.Context, names []string, silent map[string]bool, scopes ...string) error {
	var errs []error
	for _, e := range h.Runners() {
		if !slices.Contains(names, e.Name) {
			continue
		}
		if silent[e.Name] {
			errs = append(errs, fmt.Errorf("%s can't be asked", e.Name))
			continue
		}
		if err := h.sweepRunner(ctx, e, scopes); err != nil {
			silent[e.Name] = true
			errs = append(errs, err)
		}
	}
	for _, scope := range scopes {
		errs = append(errs, host.RemoveGroup(trial.GroupName(scope)))
	}
	return errors.Join(errs...)
}

// sweepRunner stops at the first failure: an engine that is frozen for one scope is for
// all of them.
func (h *Installation) sweepRunner(ctx context.Context, e runners.Entry, scopes []string) error {
	if _, err := h.Agent(ctx, e); err != nil {
		return err
	}
	for _, scope := range scopes {
		if err := trial.Sweep(ctx, h.Start, e.Name, scope); err != nil {
			return err
		}
	}
	return nil
}
