// Package spawn starts child processes that do not outlive their parent, even
// one that is killed.
//
// Linux sends a child its death signal when the thread that made it ends, and
// Go ends threads as it likes. All children are therefore made by one thread
// that is never given back.
package spawn
