// Package spawn starts child processes that do not outlive their parent, even
// one that is killed.
//
// Linux sends a child its death signal when the thread that made it ends. Go
// ends a thread only when a goroutine ends that is locked to it, which none of
// the suite's programs does; so a child may be made on any thread. Making all
// of them on one thread that is never given back would not rest on that, but
// the way to that thread costs 45 µs and more, which a cold start would hold.
package spawn
