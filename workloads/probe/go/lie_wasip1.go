package main

import "unsafe"

// lie returns 100 bytes at 0xfffffff0, where there is no memory.
func lie(response []byte) []byte {
	response = append(response, 0)
	at := unsafe.Pointer(unsafe.SliceData(response))
	return unsafe.Slice((*byte)(unsafe.Add(at, 0xfffffff0-uintptr(at))), 100)
}
