package listening

import (
	"errors"
	"fmt"
	"io/fs"
	"net/netip"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// Inside gives the addresses at which anyone listens in the network namespace of a
// process, sorted.
func Inside(pid int) (list []netip.AddrPort, err error) {
	all, err := sockets(pid)
	for _, s := range all {
		list = add(list, s.at)
	}
	return list, err
}

// By gives the addresses at which a process and its descendants listen, sorted.
func By(pid int) (list []netip.AddrPort, err error) {
	all, err := sockets(pid)
	if err != nil {
		return nil, err
	}
	theirs := map[string]bool{}
	for _, p := range family(pid) {
		for _, inode := range inodes(p) {
			theirs[inode] = true
		}
	}
	for _, s := range all {
		if theirs[s.inode] {
			list = add(list, s.at)
		}
	}
	return list, nil
}

// sockets are those that listen in the namespace of a process. A kernel without
// version 6 of the protocol has no table of it.
func sockets(pid int) (all []socket, err error) {
	for _, name := range []string{"tcp", "tcp6"} {
		f, err := os.Open(fmt.Sprintf("/proc/%d/net/%s", pid, name))
		if errors.Is(err, fs.ErrNotExist) && name == "tcp6" {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("see where process %d listens: %w", pid, err)
		}
		list, err := read(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("see where process %d listens: %w", pid, err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// maxFamily bounds the descendants that are looked at.
const maxFamily = 1000

// family is a process and its descendants, as far as they can be read.
func family(pid int) []int {
	all := []int{pid}
	for i := 0; i < len(all) && len(all) < maxFamily; i++ {
		files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", all[i]))
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				continue
			}
			for _, word := range strings.Fields(string(text)) {
				if child, err := strconv.Atoi(word); err == nil {
					all = append(all, child)
				}
			}
		}
	}
	return all
}

// inodes are those of the sockets that a process has open.
func inodes(pid int) (list []string) {
	dir := fmt.Sprintf("/proc/%d/fd", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	for _, e := range entries {
		target, err := os.Readlink(filepath.Join(dir, e.Name()))
		if inode, ok := strings.CutPrefix(target, "socket:["); ok && err == nil {
			list = append(list, strings.TrimSuffix(inode, "]"))
		}
	}
	return list
}
