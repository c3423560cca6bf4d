// Package spawn starts child processes that do not outlive their parent, even
// one that is killed.
//
// Linux sends a child its death signal when the thread that made it ends. Go
// ends a thread only when a goroutine ends that is locked to it. None of the
// suite's programs does that, so a child may be made on any thread. A dedicated
// thread would not depend on that, but switching to it takes at least 45 µs, which
// a cold start would include.
package spawn
