//go:build cgo

package wasmtime

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"time"

	"edgebench/runners"
)

// store writes machine code to a new file, seals it and returns its SHA-256 in
// hexadecimal. After an error nothing is left.
func store(path string, native []byte) (sum string, err error) {
	defer func() {
		if err != nil {
			os.Remove(path)
			err = fmt.Errorf("store the machine code: %w", err)
		}
	}()
	if err := os.WriteFile(path, native, 0o600); err != nil {
		return "", err
	}
	hash := sha256.Sum256(native)
	sum = hex.EncodeToString(hash[:])
	at := sealTime(hash[:])
	return sum, os.Chtimes(path, at, at)
}

// sealTime is the time of a sealed file's last change: between 1970 and 1987,
// so that no later write gives the same, and of whole even seconds, which all
// file systems keep.
func sealTime(hash []byte) time.Time {
	const mask = 1<<29 - 2
	return time.Unix(int64(binary.BigEndian.Uint32(hash)&mask), 0)
}

// checkSeal refuses a file that has changed since store.
func checkSeal(p runners.Prepared) error {
	hash, err := hex.DecodeString(p.SHA256)
	if err != nil || len(hash) != sha256.Size {
		return fmt.Errorf("load %s: %q is no SHA-256: %w", p.Path, p.SHA256, runners.ErrMalformed)
	}
	info, err := os.Stat(p.Path)
	if err != nil {
		return fmt.Errorf("load the machine code: %w", err)
	}
	if uint64(info.Size()) != p.Stored || !info.ModTime().Equal(sealTime(hash)) {
		return fmt.Errorf("%s has changed since it was prepared: %w", p.Path, runners.ErrMalformed)
	}
	return nil
}
