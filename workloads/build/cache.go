package build

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"edgebench/runners"
	"edgebench/runners/source"
)

// cache keeps built artefacts:
//
//	KEY/FILE     the artefact
//	KEY/sha256   the hash of the file in hexadecimal
//	KEY/took     how long it took to make, as time.Duration writes it
//	building/    what the holder of the lock is making
//	lock         held by whoever builds or removes
//
// A folder KEY appears whole, by a rename, so that reading takes no lock.
type cache struct{ dir string }

// maxAge is for how long an artefact is kept that nobody asks for.
const maxAge = 30 * 24 * time.Hour

// get fills in path, hash and size of the artefact that the recipe makes, and
// makes it if it is not there or is not what it was.
func (c cache) get(ctx context.Context, root string, r recipe, a *runners.Artefact) error {
	key, err := r.key(root)
	if err != nil {
		return err
	}
	if c.find(key, r.file, a) {
		return nil
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return fmt.Errorf("make the folder of artefacts: %w", err)
	}
	lock := flock.New(filepath.Join(c.dir, "lock"))
	if _, err := lock.TryLockContext(ctx, 20*time.Millisecond); err != nil {
		return fmt.Errorf("wait for the folder of artefacts: %w", err)
	}
	defer lock.Unlock()
	if c.find(key, r.file, a) {
		return nil // another process has made it meanwhile
	}
	if err := c.make(ctx, root, key, r); err != nil {
		return err
	}
	if !c.find(key, r.file, a) {
		return errors.New("the artefact has changed as soon as it was built")
	}
	return nil
}

// find reports whether the artefact is there with the bytes that it was built
// with, and marks it as used.
func (c cache) find(key, file string, a *runners.Artefact) bool {
	dir := filepath.Join(c.dir, key)
	want, err := os.ReadFile(filepath.Join(dir, "sha256"))
	if err != nil {
		return false
	}
	path := filepath.Join(dir, file)
	sum, size, err := source.HashFile(path)
	if err != nil || sum != string(want) {
		return false
	}
	now := time.Now()
	_ = os.Chtimes(dir, now, now) // at worst it is built again some day
	a.Path, a.SHA256, a.Size = path, sum, size
	a.Building = tookOf(dir)
	return true
}

// tookOf reads how long an artefact took to make; 0 where that was not noted.
func tookOf(dir string) time.Duration {
	text, err := readBounded(filepath.Join(dir, "took"), maxTook)
	if err != nil {
		return 0
	}
	took, err := time.ParseDuration(string(text))
	if err != nil {
		return 0
	}
	return max(took, 0)
}

// maxTook bounds the text of a duration, in bytes.
const maxTook = 64

// make builds the artefact and puts it in its place. The caller has the lock.
func (c cache) make(ctx context.Context, root, key string, r recipe) error {
	building := filepath.Join(c.dir, "building")
	if err := os.RemoveAll(building); err != nil { // of one who was killed
		return fmt.Errorf("clear the folder of artefacts: %w", err)
	}
	defer os.RemoveAll(building)
	made := filepath.Join(building, key)
	scratch := filepath.Join(building, "scratch")
	for _, dir := range []string{made, scratch} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return fmt.Errorf("make the folder of artefacts: %w", err)
		}
	}
	began := time.Now()
	for _, s := range r.steps(filepath.ToSlash(scratch)) {
		if err := s.run(ctx, root); err != nil {
			return err
		}
	}
	if r.compose != nil {
		if err := r.compose(scratch); err != nil {
			return err
		}
	}
	took := time.Since(began)
	if err := r.finish(filepath.Join(scratch, r.file), made); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(made, "took"), []byte(took.String()), 0o600); err != nil {
		return fmt.Errorf("keep how long the build took: %w", err)
	}
	c.prune()
	place := filepath.Join(c.dir, key)
	if err := os.RemoveAll(place); err != nil {
		return fmt.Errorf("remove a damaged artefact: %w", err)
	}
	if err := os.Rename(made, place); err != nil {
		return fmt.Errorf("put the artefact in its place: %w", err)
	}
	return nil
}

// finish checks the file that was built and moves it beside its hash.
func (r recipe) finish(built, dir string) error {
	if r.check != nil {
		if err := r.check(built); err != nil {
			return err
		}
	}
	sum, _, err := source.HashFile(built)
	if err != nil {
		return fmt.Errorf("read what was built: %w", err)
	}
	if err := os.Rename(built, filepath.Join(dir, r.file)); err != nil {
		return fmt.Errorf("keep what was built: %w", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "sha256"), []byte(sum), 0o600); err != nil {
		return fmt.Errorf("keep the hash of what was built: %w", err)
	}
	return nil
}

// prune removes artefacts that nobody has asked for since maxAge. What can't be
// removed stays for the next time.
func (c cache) prune() {
	entries, _ := os.ReadDir(c.dir)
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && e.IsDir() && time.Since(info.ModTime()) > maxAge {
			_ = os.RemoveAll(filepath.Join(c.dir, e.Name()))
		}
	}
}

// run runs the command; its error has the first line that says what is wrong.
func (s step) run(ctx context.Context, root string) error {
	if s.edit != nil {
		return s.rewrite()
	}
	cmd := exec.CommandContext(ctx, s.args[0], s.args[1:]...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), s.env...)
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(s.args[:min(2, len(s.args))], " "), err, firstComplaint(string(said)))
	}
	return nil
}

func (s step) rewrite() error {
	file := s.args[len(s.args)-1]
	before, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%s: %w", s.args[0], err)
	}
	after, err := s.edit(before)
	if err != nil {
		return fmt.Errorf("%s: %w", s.args[0], err)
	}
	if err := os.WriteFile(file, after, 0o600); err != nil {
		return fmt.Errorf("%s: %w", s.args[0], err)
	}
	return nil
}

// firstComplaint is the first line that a C compiler calls an error, else the
// first that is not a heading of go build's.
func firstComplaint(said string) string {
	complaint := ""
	for line := range strings.Lines(said) {
		line = oneLine(strings.TrimSpace(line))
		if strings.Contains(line, "error: ") {
			return line
		}
		if complaint == "" && line != "" && !strings.HasPrefix(line, "#") {
			complaint = line
		}
	}
	return cmp.Or(complaint, "it says nothing")
}

// key hashes all that decides the artefact's bytes.
func (r recipe) key(root string) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q\n", r.file, r.toolchain, r.settings)
	for _, s := range r.steps("FOLDER") {
		fmt.Fprintf(h, "%q %q\n", s.args, s.env)
	}
	for _, file := range r.inputs {
		path := filepath.FromSlash(file)
		if !filepath.IsAbs(path) {
			path = filepath.Join(root, path)
		}
		sum, _, err := source.HashFile(path)
		if err != nil {
			return "", fmt.Errorf("read a source: %w", err)
		}
		fmt.Fprintf(h, "%q %s\n", file, sum)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
