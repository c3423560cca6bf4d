package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"edgebench/bench"
	"edgebench/results"
)

// progress shows how a run goes on: a bar that is redrawn twice a second on a
// terminal, a line every ten seconds elsewhere. It never stands still, since a
// figure that takes long and a program that hangs look the same otherwise.
type progress struct {
	out      io.Writer
	terminal bool
	began    time.Time
	quit     chan struct{}
	done     sync.WaitGroup
	once     sync.Once

	mu    sync.Mutex
	bar   *progressbar.ProgressBar
	what  string
	at    bench.Progress
	since time.Time // of at
}

const (
	redraw  = 500 * time.Millisecond
	newLine = 10 * time.Second
	// barWidth is that of the bar alone, in columns.
	barWidth = 20
)

func newProgress(out io.Writer) *progress {
	p := &progress{out: out, began: time.Now(), quit: make(chan struct{}), what: "looking around"}
	every := newLine
	if f, ok := out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		p.terminal, every = true, redraw
	}
	p.done.Go(func() { p.tick(every) })
	return p
}

func (p *progress) tick(every time.Duration) {
	t := time.NewTicker(every)
	defer t.Stop()
	for {
		select {
		case <-p.quit:
			return
		case <-t.C:
			p.mu.Lock()
			p.draw()
			p.mu.Unlock()
		}
	}
}

// draw shows the state as it is now. The lock is held.
func (p *progress) draw() {
	if !p.terminal {
		fmt.Fprintln(p.out, p.line())
		return
	}
	if p.bar == nil {
		fmt.Fprintf(p.out, "\r\x1b[K%s", p.fit(0))
		return
	}
	p.bar.Describe(p.fit(barWidth + len("  100% ||")))
}

// fit cuts the line to what a terminal has room for beside the bar: a line
// that wraps can't be drawn over.
func (p *progress) fit(bar int) string {
	line := []rune(p.line())
	if f, ok := p.out.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			line = line[:min(len(line), max(0, n-1-bar))]
		}
	}
	return string(line)
}

func (p *progress) line() string {
	elapsed := time.Since(p.began).Round(time.Second)
	if p.at.Planned == 0 {
		return fmt.Sprintf("%v elapsed: %s", elapsed, p.what)
	}
	left := func(d time.Duration) time.Duration { return max(0, d-time.Since(p.since)).Round(time.Second) }
	at := p.at
	switch {
	case at.Done == at.Planned:
		return fmt.Sprintf("%d planned trials and %d more, %v elapsed, more for %v at most: %s", at.Done, at.Adaptive, elapsed, left(at.Budget), p.what)
	case at.Done == 0:
		return fmt.Sprintf("%d/%d trials, %v elapsed: %s", at.Done, at.Planned, elapsed, p.what)
	case at.Budget > 0:
		return fmt.Sprintf("%d/%d trials, %v elapsed, about %v left, then more until %v from now: %s", at.Done, at.Planned, elapsed, left(at.Remaining), left(at.Budget), p.what)
	}
	return fmt.Sprintf("%d/%d trials, %v elapsed, about %v left: %s", at.Done, at.Planned, elapsed, left(at.Remaining), p.what)
}

// Step is part of bench.Observer.
func (p *progress) Step(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.what = what
}

// Note is part of bench.Observer.
func (p *progress) Note(what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.out, what)
}

// Trial is part of bench.Observer.
func (p *progress) Trial(t results.Trial, at bench.Progress) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.at, p.since = at, time.Now()
	p.what = fmt.Sprintf("%s %s, %s", t.Experiment, t.System, t.Artefact)
	if t.Params != "" {
		p.what += ", " + t.Params.String()
	}
	if !p.terminal {
		return
	}
	if p.bar == nil {
		p.clear()
		p.bar = progressbar.NewOptions(at.Planned, progressbar.OptionSetWriter(p.out), progressbar.OptionSetWidth(barWidth),
			progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(redraw/2))
	}
	p.bar.ChangeMax(at.Planned)
	// Planned trials that have ended fill the bar but for the last step, for it is
	// cleared when it is full.
	p.bar.Set(max(0, min(at.Done, at.Planned-1)))
}

// clear takes the line off the terminal, before something else is written.
func (p *progress) clear() {
	if p.terminal {
		fmt.Fprint(p.out, "\r\x1b[K")
	}
}

// stop ends the showing; it may be called twice.
func (p *progress) stop() {
	p.once.Do(func() {
		close(p.quit)
		p.done.Wait()
		p.clear()
	})
}
