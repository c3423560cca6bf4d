// Package elf checks that a file is a program that runs in an empty root file
// system, a static executable of this machine's architecture, or a library that can be
// linked for it.
package elf

import (
	"bytes"
	"debug/elf"
	"fmt"
	"io"
	"os"
	"runtime"

	"edgebench/runners"
)

// machines are the names that ELF has for Go's architectures.
var machines = map[string]elf.Machine{
	"386":     elf.EM_386,
	"amd64":   elf.EM_X86_64,
	"arm":     elf.EM_ARM,
	"arm64":   elf.EM_AARCH64,
	"loong64": elf.EM_LOONGARCH,
	"ppc64le": elf.EM_PPC64,
	"riscv64": elf.EM_RISCV,
	"s390x":   elf.EM_S390,
}

// CheckStatic checks the file at path as Check does.
func CheckStatic(path string) error {
	f, size, err := open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := check(f, size); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}

// Machine gives Go's name for the architecture that the executable at path is made for,
// or ELF's name for one that Go does not have.
func Machine(path string) (string, error) {
	file, _, err := open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	f, err := elf.NewFile(file)
	if err != nil {
		return "", fmt.Errorf("%s: not an executable for Linux (%w): %w", path, err, runners.ErrMalformed)
	}
	for name, machine := range machines {
		if f.Machine == machine {
			return name, nil
		}
	}
	return f.Machine.String(), nil
}

// ReadStatic reads the executable at path whole, if it is at most so many bytes
// long and Check finds nothing against it.
func ReadStatic(path string, most int64) ([]byte, error) {
	f, size, err := open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if size > most {
		return nil, fmt.Errorf("%s has %d bytes, at most %d are taken: %w", path, size, most, runners.ErrTooLarge)
	}
	b := make([]byte, size)
	if _, err := io.ReadFull(f, b); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if err := check(bytes.NewReader(b), size); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

// open opens a regular file and gives its size.
func open(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file: %w", path, runners.ErrMalformed)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// check reads the headers of size bytes and nothing else. An error that wraps
// ErrMalformed says what it is that these bytes are not: an ELF file, whole,
// executable, for this machine, without a dynamic loader.
func check(r io.ReaderAt, size int64) error {
	f, err := elf.NewFile(r)
	if err != nil {
		return fmt.Errorf("not an executable for Linux (%w): %w", err, runners.ErrMalformed)
	}
	defer f.Close()
	if f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN {
		return fmt.Errorf("an ELF file of type %s and not an executable: %w", f.Type, runners.ErrMalformed)
	}
	if want, ok := machines[runtime.GOARCH]; ok && f.Machine != want {
		return fmt.Errorf("an executable for %s, and this machine is %s: %w", f.Machine, want, runners.ErrMalformed)
	}
	return checkSegments(f.Progs, uint64(size))
}

func checkSegments(segments []*elf.Prog, size uint64) error {
	loaded := false
	for _, p := range segments {
		switch p.Type {
		case elf.PT_INTERP:
			return fmt.Errorf("linked dynamically, where a static executable is needed (its root file system holds nothing else): %w", runners.ErrMalformed)
		case elf.PT_LOAD:
			loaded = true
			if p.Filesz > size || p.Off > size-p.Filesz {
				return fmt.Errorf("truncated, a segment of %d bytes at %d lies outside the file of %d bytes: %w", p.Filesz, p.Off, size, runners.ErrMalformed)
			}
		}
	}
	if !loaded {
		return fmt.Errorf("an ELF file with nothing to load: %w", runners.ErrMalformed)
	}
	return nil
}
