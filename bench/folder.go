package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/gofrs/flock"

	"edgebench/bench/trial"
)

// lair is the folder in which a run keeps what lives no longer than itself.
type lair struct {
	dir   string
	token string
	lock  *flock.Flock
}

// lairState says what has to be swept when a run has died.
type lairState struct {
	Run     string   `json:"run"`
	Runners []string `json:"runners"`
}

const stateFile = "state.json"

func lairs(cache string) string { return filepath.Join(cache, "runs") }

// openLair makes and locks the folder of a run. Its name is short: sockets lie
// in it.
func openLair(cache, run, token string, names []string) (*lair, error) {
	l := &lair{dir: filepath.Join(lairs(cache), token), token: token}
	if err := os.MkdirAll(l.dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the run's scratch folder: %w", err)
	}
	l.lock = flock.New(filepath.Join(l.dir, "lock"))
	if ok, err := l.lock.TryLock(); err != nil || !ok {
		return nil, fmt.Errorf("lock the run's scratch folder %s: taken (%v)", l.dir, err)
	}
	b, err := json.Marshal(lairState{Run: run, Runners: names})
	if err == nil {
		err = os.WriteFile(filepath.Join(l.dir, stateFile), b, 0o600)
	}
	if err != nil {
		return nil, fmt.Errorf("write the run's state: %w", err)
	}
	return l, nil
}

// Scopes label what could outlive a crash: that of the trials, swept whenever
// an agent dies, and that of what is prepared, swept at the end.
func (l *lair) trials() string   { return scopeOf(l.token, "t") }
func (l *lair) prepared() string { return scopeOf(l.token, "p") }

func scopeOf(token, kind string) string { return "eb-" + token + "-" + kind }

// close removes the folder. The lock's file goes with it.
func (l *lair) close() error {
	return errors.Join(os.RemoveAll(l.dir), l.lock.Unlock())
}

var tokenForm = regexp.MustCompile(`^[0-9a-f]{8}$`)

// Leftovers removes what runs that died have left: containers, images, control
// groups, processes and folders. A run that lives is left alone. What can't be
// removed now, since its engine is away, is tried again next time; notes say
// what was done.
func (h *House) Leftovers(ctx context.Context, note func(string)) error {
	entries, err := os.ReadDir(lairs(h.Cache))
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for what earlier runs left: %w", err)
	}
	for _, e := range entries {
		if !e.IsDir() || !tokenForm.MatchString(e.Name()) {
			continue
		}
		if err := h.leftover(ctx, e.Name(), note); err != nil {
			note(fmt.Sprintf("an earlier run's leftovers stay for now: %v", err))
		}
	}
	return ctx.Err()
}

func (h *House) leftover(ctx context.Context, token string, note func(string)) error {
	dir := filepath.Join(lairs(h.Cache), token)
	lock := flock.New(filepath.Join(dir, "lock"))
	ok, err := lock.TryLock()
	if err != nil || !ok {
		return err // it lives, or is being made
	}
	defer lock.Unlock()
	var state lairState
	if b, err := os.ReadFile(filepath.Join(dir, stateFile)); err == nil {
		if err := json.Unmarshal(b, &state); err != nil {
			state = lairState{}
		}
	}
	for _, runner := range state.Runners {
		for _, kind := range []string{"t", "p"} {
			if err := trial.Sweep(ctx, h.Start, runner, scopeOf(token, kind)); err != nil {
				return err
			}
		}
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	note("removed what run " + state.Run + " left behind when it died")
	return nil
}
