// Package codefile stores machine code in files for runtimes that do not check
// serialised code: a truncated file crashes the process, and an altered file runs.
//
// A hash in each Load would take half as long as the rest of Load for a small
// module and many times as long for a large one. Only the runtimes without a check
// of their own would pay for it. So Write hashes once and sets the file's
// modification time to a moment that follows from the hash and that no later write
// gives. Unchanged compares size and time with one stat, which finds every later
// write, also a truncation.
//
// Unchanged does not find a reset modification time or a failing disk. The harness
// therefore compares the whole hash before each trial (see
// runners.Prepared.Verify).
package codefile

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"edgebench/runners"
	"edgebench/runners/source"
)

// Write stores code in a new file and returns its SHA-256 in hexadecimal.
// After an error nothing is left.
func Write(path string, code []byte) (sum string, err error) {
	defer func() {
		if err != nil {
			os.Remove(path)
			err = fmt.Errorf("store the machine code: %w", err)
		}
	}()
	if err := os.WriteFile(path, code, 0o600); err != nil {
		return "", err
	}
	hash := sha256.Sum256(code)
	at := changed(hash[:])
	return hex.EncodeToString(hash[:]), os.Chtimes(path, at, at)
}

// Adopt is Write for a file that a library has written itself. It also gives the
// file's size in bytes.
func Adopt(path string) (sum string, size uint64, err error) {
	if sum, size, err = source.HashFile(path); err != nil {
		return "", 0, fmt.Errorf("read the machine code: %w", err)
	}
	hash, err := hex.DecodeString(sum)
	if err != nil {
		return "", 0, fmt.Errorf("read the machine code: %w", err)
	}
	at := changed(hash)
	return sum, size, os.Chtimes(path, at, at)
}

// changed is the time of a file's last change: between 1970 and 1987, so that
// no later write gives the same, and of whole even seconds, which all file
// systems keep.
func changed(hash []byte) time.Time {
	const mask = 1<<29 - 2
	return time.Unix(int64(binary.BigEndian.Uint32(hash)&mask), 0)
}

// Unchanged refuses a prepared file that has changed since Write, as
// ErrMalformed. Stored is the file's size, SHA256 what Write returned.
func Unchanged(p runners.Prepared) error {
	hash, err := hex.DecodeString(p.SHA256)
	if err != nil || len(hash) != sha256.Size {
		return fmt.Errorf("load %s: %q is not a SHA-256: %w", p.Path, p.SHA256, runners.ErrMalformed)
	}
	info, err := os.Stat(p.Path)
	if err != nil {
		return fmt.Errorf("load the machine code: %w", err)
	}
	if uint64(info.Size()) != p.Stored || !info.ModTime().Equal(changed(hash)) {
		return fmt.Errorf("%s has changed since it was prepared: %w", p.Path, runners.ErrMalformed)
	}
	return nil
}
