// Package purego is what the adapters of wazero and wazy share. Both are libraries in
// pure Go, and their APIs have the same shape:
//
//	instance.go  an instance that is called through alloc and handle
//	command.go   an instance that answers once, with stdin and stdout in memory
//	folder.go    the folder in which a library keeps compiled modules
//
// It imports neither library. The interfaces here are the methods that it uses.
package purego

import (
	"context"
	"strings"
)

// Module is an instance as the library has it.
type Module interface {
	Close(context.Context) error
}

// Function is an export. CallWithStack takes the parameters from the stack and leaves
// the results there.
type Function interface {
	CallWithStack(ctx context.Context, stack []uint64) error
}

// Memory is an instance's linear memory. Read gives a view of it. Grow counts pages
// and gives the number before.
type Memory interface {
	Read(offset, size uint32) ([]byte, bool)
	Write(offset uint32, content []byte) bool
	Grow(pages uint32) (before uint32, ok bool)
}

// PageSize is that of a linear memory, in bytes.
const PageSize = 64 << 10

// FirstLine reduces an error to what stands before its stack trace.
func FirstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
