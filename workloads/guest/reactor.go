//go:build wasip1

package guest

import "unsafe"

// Both buffers stay referenced between calls: the host has their addresses.
var request, response []byte

// Main does nothing: a reactor is called through its exports.
func Main() {}

//go:wasmexport alloc
func alloc(n uint32) unsafe.Pointer {
	if uint64(n) > uint64(len(request)) {
		request = make([]byte, max(int(n), 2*len(request)))
	}
	return unsafe.Pointer(unsafe.SliceData(request))
}

//go:wasmexport handle
func handle(ptr, n uint32) uint64 {
	if n == 0 {
		return 0 // a ping
	}
	at := uintptr(unsafe.Pointer(unsafe.SliceData(request)))
	if uintptr(ptr) != at || uint64(n) > uint64(len(request)) {
		panic("the request is not where alloc said")
	}
	response = handler(request[:n], response[:0])
	at = uintptr(unsafe.Pointer(unsafe.SliceData(response)))
	return uint64(at)<<32 | uint64(uint32(len(response)))
}
