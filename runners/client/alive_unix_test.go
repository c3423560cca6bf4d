//go:build unix

package client

import (
	"os"
	"strconv"
	"strings"
	"syscall"
)

// alive says whether a process runs; one that has ended and was not waited for
// does not.
func alive(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return false
	}
	b, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	return err != nil || !strings.Contains(string(b), ") Z ")
}
