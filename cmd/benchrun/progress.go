package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"edgebench/results"
)

// progress shows how a run goes on: a bar that is redrawn twice a second on a
// terminal, a line every two seconds elsewhere. It never stands still, since a
// figure that takes long and a program that hangs look the same otherwise.
type progress struct {
	out      io.Writer
	terminal bool
	began    time.Time
	quit     chan struct{}
	done     sync.WaitGroup
	once     sync.Once

	mu          sync.Mutex
	bar         *progressbar.ProgressBar
	what        string
	ended, all  int
	remaining   time.Duration
	remainingAt time.Time
}

const (
	redraw  = 500 * time.Millisecond
	newLine = 2 * time.Second
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
	if p.all == 0 {
		return fmt.Sprintf("%v elapsed: %s", elapsed, p.what)
	}
	left := "?"
	if p.ended > 0 {
		left = max(0, p.remaining-time.Since(p.remainingAt)).Round(time.Second).String()
	}
	return fmt.Sprintf("%d/%d trials, %v elapsed, about %s left: %s", p.ended, p.all, elapsed, left, p.what)
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
func (p *progress) Trial(done, total int, t results.Trial, remaining time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended, p.all = done, total
	p.remaining, p.remainingAt = remaining, time.Now()
	p.what = fmt.Sprintf("%s %s, %s", t.Experiment, t.System, t.Artefact)
	if t.Params != "" {
		p.what += ", " + t.Params.String()
	}
	if !p.terminal {
		return
	}
	if p.bar == nil {
		p.clear()
		p.bar = progressbar.NewOptions(total, progressbar.OptionSetWriter(p.out), progressbar.OptionSetWidth(barWidth),
			progressbar.OptionSetPredictTime(false), progressbar.OptionSetElapsedTime(false),
			progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(redraw/2))
	}
	p.bar.Set(done)
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
