package process

import (
	"context"
	"net/netip"
	"time"

	"edgebench/runners"
	"edgebench/runners/interfaces"
	"edgebench/runners/listening"
)

// Look implements runners.Looker.
func (l *loaded) Look(ctx context.Context, within time.Duration) (runners.Seen, error) {
	said := &interfaces.Words{}
	c, err := l.spawn(false, said)
	if err != nil {
		return runners.Seen{}, err
	}
	go c.wait()
	seen := runners.Watch(ctx, within, c.listens, func() (string, bool) {
		select {
		case <-c.ended:
			return c.cmd.ProcessState.String(), true
		default:
			return "", false
		}
	})
	c.end()
	seen.Said = said.Line()
	return seen, nil
}

// listens is where the process listens, nothing where that can't be seen.
func (c *child) listens() []netip.AddrPort {
	list, err := listening.By(c.cmd.Process.Pid)
	if err != nil {
		return nil
	}
	return list
}
