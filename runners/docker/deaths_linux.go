package docker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"time"

	"github.com/docker/docker/api/types/events"
	"github.com/docker/docker/api/types/filters"

	"edgebench/runners"
)

// deaths follows the engine's events for the ends of a scope's containers.
type deaths struct {
	cancel context.CancelFunc
	within time.Duration // how long the engine may take to tell of an end
	// over is closed when nothing more will be heard; err then says why.
	over chan struct{}
	err  error

	mu     sync.Mutex
	awaits map[string]*fate
}

// fate is how one container ended.
type fate struct {
	ended chan struct{} // closed when it has
	mu    sync.Mutex
	code  string // exit code, "" until it has ended
	oom   bool   // it went beyond its memory limit
}

// watch begins to follow events. It asks for those since a moment ago, so that
// none is lost between the request and the engine's subscription.
func (e *engine) watch(scope string) *deaths {
	ctx, cancel := context.WithCancel(context.Background())
	d := &deaths{cancel: cancel, within: e.ending, over: make(chan struct{}), awaits: map[string]*fate{}}
	now := time.Now()
	messages, errs := e.api.Events(ctx, events.ListOptions{
		Since: fmt.Sprintf("%d.%09d", now.Unix(), now.Nanosecond()),
		Filters: filters.NewArgs(
			filters.Arg("type", string(events.ContainerEventType)),
			filters.Arg("event", string(events.ActionDie)), filters.Arg("event", string(events.ActionOOM)),
			filters.Arg("label", label+"="+scope)),
	})
	go d.follow(messages, errs)
	return d
}

func (d *deaths) follow(messages <-chan events.Message, errs <-chan error) {
	defer close(d.over)
	for {
		select {
		case m := <-messages:
			d.note(m)
		case err := <-errs:
			if err == nil || errors.Is(err, io.EOF) {
				err = errors.New("it closed the connection")
			}
			d.err = fmt.Errorf("the Docker engine went away: %w", brief(err))
			return
		}
	}
}

func (d *deaths) note(m events.Message) {
	d.mu.Lock()
	f := d.awaits[m.Actor.ID]
	d.mu.Unlock()
	if f == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	switch {
	case m.Action == events.ActionOOM:
		f.oom = true
	case f.code == "":
		f.code = cmp.Or(m.Actor.Attributes["exitCode"], "unknown")
		close(f.ended)
	}
}

// of begins to await the end of a container, which must not have been started.
func (d *deaths) of(id string) *fate {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := &fate{ended: make(chan struct{})}
	d.awaits[id] = f
	return f
}

func (d *deaths) forget(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.awaits, id)
}

// stop ends the watch and waits for its goroutine.
func (d *deaths) stop() {
	d.cancel()
	<-d.over
}

// trapped wraps what went wrong with how the container ended, as far as that
// becomes known soon. The error wraps ErrTrap.
func (d *deaths) trapped(f *fate, err error) error {
	if !errors.Is(err, runners.ErrTrap) {
		err = fmt.Errorf("%w: %w", runners.ErrTrap, err)
	}
	select {
	case <-f.ended:
		return fmt.Errorf("the container ended (%s): %w", f, err)
	case <-d.over:
		return fmt.Errorf("%w: %w", d.err, err)
	case <-time.After(d.within):
		return err
	}
}

// String says how a container ended.
func (f *fate) String() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return ending(f.code, f.oom)
}

// well says that it ended with the right exit code.
func (f *fate) well(right uint8) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.code == strconv.Itoa(int(right)) && !f.oom
}

func ending(code string, oom bool) string {
	s := "exit code " + code
	if n, err := strconv.Atoi(code); err == nil && n > 128 {
		s += ", signal " + strconv.Itoa(n-128)
	}
	if oom {
		s += ", beyond its memory limit"
	}
	return s
}
