//go:build cgo && linux && amd64

package v8

import (
	"context"
	"fmt"

	"edgebench/runners"
)

// watch ends a call when its context is done. A nil watch lets it go on.
type watch struct {
	ctx   context.Context
	guest *guest
	// stop ends the watch. It is false if the call is being ended, which is done
	// when fired is closed.
	stop  func() bool
	fired chan struct{}
}

// watch begins with a call of a mode whose guests can be interrupted.
func (h *held) watch(ctx context.Context) *watch {
	if !h.loaded.interruptible {
		return nil
	}
	w := &watch{ctx: ctx, guest: h.guest, fired: make(chan struct{})}
	w.stop = context.AfterFunc(ctx, func() {
		defer close(w.fired)
		w.guest.terminate()
	})
	return w
}

// end is called after the call, which has ended with err. A call that was ended
// has trapped. One that was faster leaves nothing that would end the next one.
func (w *watch) end(err error) error {
	if w == nil || w.stop() {
		return err
	}
	<-w.fired
	w.guest.resume()
	if err != nil {
		return fmt.Errorf("it was stopped (%w): %w", context.Cause(w.ctx), runners.ErrTrap)
	}
	return nil
}
