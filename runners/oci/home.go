//go:build linux

package oci

import (
	"bufio"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// maxPasswd bounds what is read of an image's users, in bytes.
const maxPasswd = 1 << 20

// setHome gives the workload the variable HOME, as runc and crun do: the folder that the
// image's /etc/passwd has for its user, "/" where that says nothing.
func (p *program) setHome(user uint32) {
	const variable = "HOME="
	if slices.ContainsFunc(p.Env, func(v string) bool { return strings.HasPrefix(v, variable) }) {
		return
	}
	home := "/"
	if root, err := os.OpenRoot(p.Root); err == nil {
		defer root.Close()
		if f, err := root.Open("etc/passwd"); err == nil {
			defer f.Close()
			home = homeIn(io.LimitReader(f, maxPasswd), user)
		}
	}
	p.Env = append(slices.Clone(p.Env), variable+home)
}

// homeIn reads passwd(5).
func homeIn(passwd io.Reader, user uint32) string {
	const id, home, fields = 2, 5, 7
	for lines := bufio.NewScanner(passwd); lines.Scan(); {
		f := strings.Split(lines.Text(), ":")
		if len(f) == fields && f[id] == strconv.FormatUint(uint64(user), 10) && strings.HasPrefix(f[home], "/") && !strings.ContainsRune(f[home], 0) {
			return f[home]
		}
	}
	return "/"
}
