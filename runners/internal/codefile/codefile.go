// Package codefile keeps machine code in files for runtimes that believe
// whatever serialised code they are given: a truncated file crashes the
// process, an altered one runs.
//
// Hashing at each load would take half as long as all else in Load for a small
// module and many times as long for a large one, and only for those runtimes
// that do not check by themselves; the figure would be about our hash. So Write
// hashes once and sets the time of the file's last change to a moment that
// follows from the hash and that no later write gives. Unchanged compares size
// and time with one stat, which finds every later write, also a truncation. It
// finds accidents and not a forger who puts the time back, nor a rotting disk:
// against those the harness compares the whole hash before each trial (see
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
		return fmt.Errorf("load %s: %q is no SHA-256: %w", p.Path, p.SHA256, runners.ErrMalformed)
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
