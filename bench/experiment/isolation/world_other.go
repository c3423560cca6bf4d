//go:build !linux

package isolation

// sweep has nothing to do: what is left lies in the system's folder for it.
func sweep() {}

// resetLimit and changedLimit have nothing to do: control groups are Linux's.
func (w *world) resetLimit() error { return nil }

func (w *world) changedLimit() (string, error) { return "", nil }

// populate has nothing to add: processes and sockets are aimed at on Linux alone.
func (w *world) populate() error { return nil }
