//go:build !wasip1

package main

import "unsafe"

// lie claims so much behind the frame's header that the announced length is
// 0xffffffff bytes, of which there are none.
func lie(response []byte) []byte {
	announced := uint64(len(response)) + 0xffffffff
	return unsafe.Slice(unsafe.SliceData(response), announced)
}
