//go:build linux

package cgroup

import (
	"cmp"
	"errors"
	"fmt"
	"os"
)

// Stay is this process's time in a group of its own. What it starts meanwhile is in
// the group too, whatever sessions and parents it takes.
type Stay struct {
	group *Group
	// homes are where the process was, one for each folder of the group.
	homes []dir
}

// Enter makes a group and moves this process into it, in each place of the tree. If
// groups may be made nowhere, the error wraps errors.ErrUnsupported.
func (t *Tree) Enter(name string) (*Stay, error) {
	if len(t.places) == 0 {
		return nil, fmt.Errorf("enter a control group: %w", errors.ErrUnsupported)
	}
	own, err := Of(os.DirFS("/"), "self")
	if err != nil {
		return nil, err
	}
	s := &Stay{}
	for _, p := range t.places {
		home, ok := p.Dir(own)
		if !ok {
			return nil, fmt.Errorf("find our control group: %w", errors.ErrUnsupported)
		}
		s.homes = append(s.homes, dir{path: home})
	}
	if s.group, err = t.Make(name, Limits{}); err != nil {
		return nil, err
	}
	for _, d := range s.group.dirs {
		if err := d.write("cgroup.procs", "0"); err != nil {
			return nil, cmp.Or(fmt.Errorf("enter a control group: %w", err), s.Leave())
		}
	}
	return s, nil
}

// Leave moves the process back, kills what is still in the group and removes it.
func (s *Stay) Leave() error {
	for _, home := range s.homes {
		if err := home.write("cgroup.procs", "0"); err != nil {
			return fmt.Errorf("leave the control group %s: %w", s.group.name, err)
		}
	}
	return s.group.Remove()
}
