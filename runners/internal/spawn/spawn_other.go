//go:build !linux

package spawn

import "os/exec"

// Start starts a command. Without Linux nothing ties it to this process: it
// must leave when its stdin ends.
func Start(cmd *exec.Cmd) error { return cmd.Start() }
