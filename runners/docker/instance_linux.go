package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/docker/docker/api/types/container"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/frame"
)

// loaded is an image in the engine's store.
type loaded struct {
	system *system
	image  string
}

// Close has nothing to release.
func (*loaded) Close() error { return nil }

// Instantiate creates and starts a container and waits until its workload has
// connected.
func (l *loaded) Instantiate(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	in, err := l.start(ctx, t)
	if err != nil {
		return nil, err
	}
	return in, nil
}

func (l *loaded) start(ctx context.Context, t *runners.Trace) (*instance, error) {
	s := l.system
	b, err := newBox(boxPath(s.scratch, s.number()))
	if err != nil {
		return nil, err
	}
	id, err := s.create(ctx, l.image, b.dir, true)
	if err != nil {
		return nil, also(err, b.close())
	}
	t.Mark(runners.PhaseCreate)
	in := &instance{system: s, id: id, box: b, fate: s.deaths.of(id), started: runners.Now()}
	s.account(in, true)
	in.pending = s.engine.begin(ctx, func(ctx context.Context) error {
		return s.engine.api.ContainerStart(ctx, id, container.StartOptions{})
	})
	connected, err := in.await(ctx, "start", b.accepted)
	if errors.Is(err, errEnded) {
		err = fmt.Errorf("the workload ends before it connects (%s)%s: %w", in.fate, s.lastWords(ctx, l.image, b.dir), runners.ErrTrap)
	}
	if err != nil {
		return nil, also(err, in.Close())
	}
	t.Mark(runners.PhaseConnect)
	in.connected = runners.Now()
	in.socket = connected.conn
	in.conn = frame.NewConn(in.socket, in.socket)
	return in, nil
}

// also puts what went wrong while cleaning up behind what went wrong.
func also(err, further error) error {
	if further == nil {
		return err
	}
	return fmt.Errorf("%w; then %w", err, further)
}

// instance is a container whose workload has connected.
type instance struct {
	system *system
	id     string
	box    *box
	fate   *fate
	// pending is the last request that nobody needed to wait for.
	pending *request
	socket  net.Conn
	conn    *frame.Conn
	// started and connected enclose the entry of the workload's main.
	started, connected time.Duration

	paused bool
	dead   bool
	once   sync.Once

	mu  sync.Mutex
	pid int // of its first process, 0 until it was asked for
}

// sign is what shows that a workload lives: its connection, or its answer.
type sign struct {
	conn net.Conn
	err  error
}

var errEnded = errors.New("the container has ended")

// await waits for a sign of life after a request to the engine, or until there
// is a reason why none will come. It does not wait for the request.
func (in *instance) await(ctx context.Context, doing string, life <-chan sign) (sign, error) {
	e, done := in.system.engine, in.pending.done
	bound := time.NewTimer(e.patience)
	defer bound.Stop()
	for {
		select {
		case s := <-life:
			return s, s.err
		case <-done:
			if err := in.pending.err; err != nil {
				return sign{}, fmt.Errorf("%s the container: %w", doing, brief(err))
			}
			done = nil
		case <-in.fate.ended:
			return sign{}, errEnded
		case <-in.system.deaths.over:
			return sign{}, in.system.deaths.err
		case <-ctx.Done():
			return sign{}, fmt.Errorf("%s the container: %w", doing, context.Cause(ctx))
		case <-bound.C:
			return sign{}, fmt.Errorf("%s the container: its workload gave no sign of life within %v", doing, e.patience)
		}
	}
}

// ping awaits an answer of the workload.
func (in *instance) ping(ctx context.Context, doing string) error {
	answer := make(chan sign, 1)
	go func() {
		_, err := in.conn.Ping()
		answer <- sign{err: err}
	}()
	_, err := in.await(ctx, doing, answer)
	if errors.Is(err, errEnded) || errors.Is(err, runners.ErrTrap) {
		err = in.system.deaths.trapped(in.fate, fmt.Errorf("%s the container: %w", doing, err))
	}
	return err
}

// Call sends a frame. After anything but a response the stream can't be used
// any more.
func (in *instance) Call(_ context.Context, dst, request []byte) ([]byte, error) {
	if in.dead {
		return dst, fmt.Errorf("call: %w", runners.ErrClosed)
	}
	if err := abi.CheckRequest(request); err != nil {
		return dst, err
	}
	dst, err := in.conn.Call(dst, request)
	if err != nil {
		in.dead = true
		if errors.Is(err, runners.ErrTrap) {
			err = in.system.deaths.trapped(in.fate, err)
		}
	}
	return dst, err
}

// Entered asks the workload when its main was entered. A moment at which the
// container was not starting is that of another clock: gVisor has its own.
func (in *instance) Entered(ctx context.Context) (time.Duration, bool, error) {
	if in.dead {
		return 0, false, fmt.Errorf("ask for the entry: %w", runners.ErrClosed)
	}
	entry, err := in.conn.Ping()
	if err != nil {
		return 0, false, fmt.Errorf("ask for the entry: %w", err)
	}
	at, ok := frame.OnOurClock(entry)
	return at, ok && in.started <= at && at <= in.connected, nil
}

// Close removes the container and waits until it is gone.
func (in *instance) Close() (err error) {
	in.once.Do(func() {
		s := in.system
		in.dead = true
		// Its outcome no longer matters, but it must not act after the removal.
		_ = in.pending.wait()
		err = s.engine.removeContainer(context.Background(), in.id, in.paused)
		if in.socket != nil {
			in.socket.Close()
		}
		if left := in.box.close(); err == nil {
			err = left
		}
		s.deaths.forget(in.id)
		s.account(in, false)
	})
	return err
}

// Park starts a container, waits until its workload answers and pauses it.
func (l *loaded) Park(ctx context.Context) (runners.Parked, error) {
	in, err := l.start(ctx, nil)
	if err != nil {
		return nil, err
	}
	if err := in.pause(ctx); err != nil {
		return nil, also(err, in.Close())
	}
	return &parked{in}, nil
}

func (in *instance) pause(ctx context.Context) error {
	if err := in.ping(ctx, "await"); err != nil {
		return err
	}
	if err := in.pending.wait(); err != nil {
		return fmt.Errorf("start the container: %w", brief(err))
	}
	ctx, cancel := in.system.engine.within(ctx)
	defer cancel()
	if err := in.system.engine.api.ContainerPause(ctx, in.id); err != nil {
		return fmt.Errorf("pause the container: %w", brief(err))
	}
	in.paused = true
	return nil
}

// parked is a paused container that has served no one.
type parked struct{ in *instance }

// Resume unpauses it and waits until its workload answers.
func (p *parked) Resume(ctx context.Context, t *runners.Trace) (runners.Instance, error) {
	in := p.in
	if in == nil || in.dead {
		return nil, fmt.Errorf("resume: %w", runners.ErrClosed)
	}
	e := in.system.engine
	in.pending = e.begin(ctx, func(ctx context.Context) error { return e.api.ContainerUnpause(ctx, in.id) })
	if err := in.ping(ctx, "unpause"); err != nil {
		return nil, err
	}
	t.Mark(runners.PhaseResume)
	in.paused, p.in = false, nil
	return in, nil
}

// Close removes a container that was not resumed.
func (p *parked) Close() error {
	if p.in == nil {
		return nil
	}
	return p.in.Close()
}
