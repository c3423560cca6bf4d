package docker

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"edgebench/runners"
	"edgebench/runners/abi"
	"edgebench/runners/frame"
)

// instance is a container whose workload has connected and serves frames.
type instance struct {
	running
	box    *box
	socket net.Conn
	conn   *frame.Conn
	// started and connected enclose the entry of the workload's main.
	started, connected time.Duration
}

// startFrames creates and starts a container and waits until its workload has
// connected.
func (l *loaded) startFrames(ctx context.Context, t *runners.Trace) (_ *instance, err error) {
	s := l.system
	in := &instance{}
	if in.box, err = newBox(boxPath(s.scratch, s.number())); err != nil {
		return nil, err
	}
	if err := in.create(ctx, l, in.box.dir); err != nil {
		return nil, also(err, in.box.close())
	}
	t.Mark(runners.PhaseCreate)
	in.started = runners.Now()
	in.begin(ctx, nil)
	connected, err := in.await(ctx, "start", in.box.accepted)
	if errors.Is(err, errEnded) {
		err = fmt.Errorf("the workload ends before it connects (%s)%s: %w", in.fate, l.lastWords(ctx, in.box.dir), runners.ErrTrap)
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
func (in *instance) Close() error {
	return in.end(func() error {
		if in.socket != nil {
			in.socket.Close()
		}
		return in.box.close()
	})
}

// ready waits until the workload answers. A resumed one does so before the
// engine says that it is.
func (in *instance) ready(ctx context.Context, doing string, t *runners.Trace) error {
	if err := in.ping(ctx, doing); err != nil {
		return err
	}
	t.Mark(runners.PhaseResume)
	return nil
}
