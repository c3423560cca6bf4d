package portability

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"edgebench/results"
	"edgebench/runners"
)

// reducer makes a module smaller for as long as a command says the same of it. It is
// binaryen's.
const reducer = "wasm-reduce"

// Files in the folder of a reduction. The command, which the reducer starts for each
// candidate, asks this process through two pipes, so that agents live on between
// candidates.
const (
	firstFile     = "first.wasm"
	candidateFile = "candidate.wasm"
	workingFile   = "working.wasm"
	commandFile   = "ask.sh"
	askPipe       = "ask"
	answerPipe    = "answer"
)

// askCommand is the command: it has this process look at the candidate and prints what it
// says.
const askCommand = "echo look >" + askPipe + " && read -r answer <" + answerPipe + " && echo \"$answer\"\n"

// predicate says whether a candidate still is what is looked for.
type predicate func(ctx context.Context, code []byte) (bool, error)

// reduce makes code smaller for as long as holds holds, in a folder of its own, and gives
// the smallest module for which it did. When within is over, that is the smallest so far.
func reduce(ctx context.Context, dir string, code []byte, holds predicate, within time.Duration) ([]byte, error) {
	path, err := exec.LookPath(reducer)
	if err != nil {
		return nil, fmt.Errorf("%s is not installed: scripts/setup-debian.sh installs it (package binaryen): %w", reducer, runners.ErrUnavailable)
	}
	for name, content := range map[string][]byte{firstFile: code, commandFile: []byte(askCommand)} {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			return nil, fmt.Errorf("write for %s: %w", reducer, err)
		}
	}
	d := &referee{dir: dir, holds: holds, best: code}
	if err := d.open(ctx); err != nil {
		return nil, err
	}
	// The program timeout ends the reducer also where this process is killed. Zero would
	// stand for no limit.
	seconds := strconv.Itoa(max(1, int(within.Seconds())))
	args := append([]string{seconds, path, firstFile, "--binaries", filepath.Dir(path) + "/", "--command", "sh " + commandFile,
		"--test", candidateFile, "--working", workingFile, "--timeout", seconds,
		"--extra-flags", strings.Join(generatorFlags, " ")}, generatorFlags...)
	cmd := exec.CommandContext(ctx, "timeout", args...)
	cmd.Dir = dir
	cmd.WaitDelay = time.Second
	done := make(chan error, 1)
	go func() { done <- d.serve(ctx) }()
	said, err := cmd.CombinedOutput()
	if err := errors.Join(d.close(), <-done); err != nil {
		return nil, err
	}
	if ended, ok := errors.AsType[*exec.ExitError](err); ok && ended.ExitCode() == timedOut && ctx.Err() == nil {
		err = nil
	}
	if err != nil {
		return nil, fmt.Errorf("run %s: %w: %s", reducer, err, results.Evidence(lastLine(said)))
	}
	return d.best, nil
}

// timedOut is what the program timeout exits with.
const timedOut = 124

func lastLine(said []byte) string {
	lines := bytes.Split(bytes.TrimSpace(said), []byte("\n"))
	return string(lines[len(lines)-1])
}

// referee answers the reducer's command.
type referee struct {
	dir   string
	holds predicate
	// best is the smallest module for which the predicate held.
	best        []byte
	ask, answer *os.File
}

// open makes the pipes and opens both ends of each, so that no opening waits.
func (d *referee) open(ctx context.Context) (err error) {
	ask, answer := filepath.Join(d.dir, askPipe), filepath.Join(d.dir, answerPipe)
	if said, err := exec.CommandContext(ctx, "mkfifo", ask, answer).CombinedOutput(); err != nil {
		return fmt.Errorf("make pipes for %s: %w: %s", reducer, err, results.Evidence(string(said)))
	}
	if d.ask, err = os.OpenFile(ask, os.O_RDWR, 0); err != nil {
		return fmt.Errorf("open a pipe for %s: %w", reducer, err)
	}
	if d.answer, err = os.OpenFile(answer, os.O_RDWR, 0); err != nil {
		return errors.Join(fmt.Errorf("open a pipe for %s: %w", reducer, err), d.ask.Close())
	}
	return nil
}

// lastQuestion is how long a command that the reducer has started may still ask after the
// reducer's end.
const lastQuestion = time.Second

// close lets the last command have its answer. serve then returns.
func (d *referee) close() error {
	if err := d.ask.SetReadDeadline(time.Now().Add(lastQuestion)); err != nil {
		return fmt.Errorf("end the answers to %s: %w", reducer, err)
	}
	return nil
}

// serve answers until the pipe's deadline, and closes the pipes.
func (d *referee) serve(ctx context.Context) error {
	defer d.answer.Close()
	defer d.ask.Close()
	for questions := bufio.NewReader(d.ask); ; {
		if _, err := questions.ReadString('\n'); errors.Is(err, os.ErrDeadlineExceeded) {
			return nil
		} else if err != nil {
			return fmt.Errorf("read a question of %s: %w", reducer, err)
		}
		if _, err := d.answer.WriteString(d.look(ctx) + "\n"); err != nil {
			return fmt.Errorf("answer %s: %w", reducer, err)
		}
	}
}

// look judges the candidate in a word. An error of the harness is taken for a candidate
// that is not wanted, since the next may do without it.
func (d *referee) look(ctx context.Context) string {
	const wanted, unwanted = "wanted", "unwanted"
	code, err := os.ReadFile(filepath.Join(d.dir, candidateFile))
	if err != nil {
		return unwanted
	}
	if ok, err := d.holds(ctx, code); err != nil || !ok {
		return unwanted
	}
	if len(code) < len(d.best) {
		d.best = code
	}
	return wanted
}
