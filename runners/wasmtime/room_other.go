//go:build cgo && !linux

package wasmtime

// hasRoom takes the smallest pool, which is the library's default, for what
// fits.
func hasRoom(sizes ...uint64) bool { return len(sizes) == 1 && sizes[0] <= poolSize(leastSlots) }
