//go:build cgo

package wasmtime

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// hasRoom says whether the address space has room for mappings of so many bytes
// side by side.
func hasRoom(sizes ...uint64) bool {
	const flags = unix.MAP_PRIVATE | unix.MAP_ANONYMOUS | unix.MAP_NORESERVE
	at := make([]unsafe.Pointer, 0, len(sizes))
	for _, size := range sizes {
		p, err := unix.MmapPtr(-1, 0, nil, uintptr(size), unix.PROT_NONE, flags)
		if err != nil {
			break
		}
		at = append(at, p)
	}
	for i, p := range at {
		// Nothing else knows of this mapping: taking it away can't fail.
		_ = unix.MunmapPtr(p, uintptr(sizes[i]))
	}
	return len(at) == len(sizes)
}
