//go:build cgo && !custom_wasmer_runtime && (amd64 || (darwin && arm64))

package wasmer

import "golang.org/x/sys/unix"

// mapFlags: nothing is read before it is needed.
const mapFlags = unix.MAP_PRIVATE
