//go:build cgo && !custom_wasmer_runtime && (amd64 || (darwin && arm64))

package wasmer

import "golang.org/x/sys/unix"

// mapFlags bring the whole file in at once, rather than one fault after another.
const mapFlags = unix.MAP_PRIVATE | unix.MAP_POPULATE
