package elf

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strconv"
	"strings"

	"edgebench/runners"
)

// CheckLibrary checks that the file at path is a library that a linker takes for a
// program of this machine: a shared one, or an archive of objects. It reads headers and
// nothing else.
func CheckLibrary(path string) error {
	f, size, err := open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := checkLibrary(f, size); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

func checkLibrary(r io.ReaderAt, size int64) error {
	var magic [len(archiveMagic)]byte
	if _, err := r.ReadAt(magic[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	object, kind := r, elf.ET_DYN
	if string(magic[:]) == archiveMagic {
		first, err := firstObject(r, size)
		if err != nil {
			return err
		}
		object, kind = first, elf.ET_REL
	}
	f, err := elf.NewFile(object)
	if err != nil {
		return fmt.Errorf("neither a shared library nor an archive for Linux: %w", runners.ErrMalformed)
	}
	defer f.Close()
	if f.Type != kind {
		return fmt.Errorf("an ELF file of type %s and not a library: %w", f.Type, runners.ErrMalformed)
	}
	if want, ok := machines[runtime.GOARCH]; ok && f.Machine != want {
		return fmt.Errorf("a library for %s, and this machine is %s: %w", f.Machine, want, runners.ErrMalformed)
	}
	return nil
}

// The format ar: a magic text, and members of even size, each behind a header of text
// that ends with a mark and has the member's size before it.
const (
	archiveMagic = "!<arch>\n"
	headerSize   = 60
	sizeAt       = 48
	headerMark   = "`\n"
	// maxMembers is how many members are looked at. An archive's objects are for one
	// machine, and those that are no objects come first.
	maxMembers = 64
)

// firstObject finds the first member of an archive that is an ELF file.
func firstObject(r io.ReaderAt, size int64) (io.ReaderAt, error) {
	at := int64(len(archiveMagic))
	for range maxMembers {
		var header [headerSize]byte
		if _, err := r.ReadAt(header[:], at); err != nil {
			break
		}
		text, whole := strings.CutSuffix(string(header[sizeAt:]), headerMark)
		length, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		at += headerSize
		if !whole || err != nil || length < 0 || length > size-at {
			return nil, fmt.Errorf("an archive that is damaged or truncated: %w", runners.ErrMalformed)
		}
		member := io.NewSectionReader(r, at, length)
		var magic [len(elf.ELFMAG)]byte
		if _, err := member.ReadAt(magic[:], 0); err == nil && bytes.Equal(magic[:], []byte(elf.ELFMAG)) {
			return member, nil
		}
		at += length + length%2
	}
	return nil, fmt.Errorf("an archive without an object for Linux: %w", runners.ErrMalformed)
}
