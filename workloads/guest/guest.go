// Package guest is what a workload in Go is written against.
//
// A workload is one function. Its main package reads
//
//	func init() { guest.Handle(handle) }
//	func main() { guest.Main() }
//
//	func handle(request, response []byte) []byte { … }
//
// and becomes, from one source,
//
//   - a WebAssembly reactor with the exports of package runners/abi, where
//     GOOS is wasip1 and the build mode is c-shared: init runs, main does not;
//   - an executable that serves the frames of package runners/frame everywhere
//     else.
//
// A workload keeps to what both do alike: no files, no clock, no randomness.
// The package imports nothing of the suite but is held to it by tests, since
// whatever it imports is in every workload's artefact.
package guest

// MaxMessage is the longest request and the longest response, in bytes; that
// of package runners/abi.
const MaxMessage = 64 << 20

// Handler answers one request, which is never empty. It appends the response
// to the second argument and returns the result, which stays as it is until
// the next call; the next call gets the same memory to append to. The request
// is the handler's to overwrite, but only until it returns.
type Handler func(request, response []byte) []byte

var handler Handler

// Handle sets the workload's function. It is called in an init of the main
// package, because main does not run in a reactor.
func Handle(h Handler) { handler = h }
