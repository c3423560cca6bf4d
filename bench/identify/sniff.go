package identify

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
)

// fileKind is what the first bytes of a file tell.
type fileKind int

// The kinds of files.
const (
	unknownFile fileKind = iota
	moduleFile
	elfFile
	scriptFile
	tarFile
	gzipFile
	zstdFile
	machOFile
	peFile
	watFile
	zipFile
	emptyFile
)

// refusals say what a file is that no runner takes, and what to do.
var refusals = map[fileKind]string{
	unknownFile: "neither a module, an executable nor an image: a module begins with \\0asm, an executable with ELF or #!, an image is an archive of docker save or an OCI layout",
	gzipFile:    "compressed with gzip: unpack it with gunzip",
	zstdFile:    "compressed with Zstandard: unpack it with unzstd",
	machOFile:   "an executable for macOS: build it for GOOS=linux or on Linux",
	peFile:      "an executable for Windows: build it for Linux",
	watFile:     "WebAssembly as text: wat2wasm makes a module of it",
	zipFile:     "an archive of zip or jar: give what is in it, or an image that runs it",
	emptyFile:   "an empty file",
}

// headSize is enough for the magic of a tar, which is at 257.
const headSize = 512

func beginning(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	defer f.Close()
	head := make([]byte, headSize)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("read the program: %w", err)
	}
	return head[:n], nil
}

// sniff tells what a file is by its beginning.
func sniff(head []byte) fileKind {
	if len(head) == 0 {
		return emptyFile
	}
	for _, m := range []struct {
		magic string
		kind  fileKind
	}{
		{"\x00asm", moduleFile}, {"\x7fELF", elfFile}, {"#!", scriptFile},
		{"\x1f\x8b", gzipFile}, {"\x28\xb5\x2f\xfd", zstdFile}, {"PK\x03\x04", zipFile}, {"MZ", peFile},
		{"\xcf\xfa\xed\xfe", machOFile}, {"\xce\xfa\xed\xfe", machOFile}, {"\xca\xfe\xba\xbe", machOFile},
	} {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.kind
		}
	}
	const magicOfTar = 257
	if len(head) == headSize && bytes.HasPrefix(head[magicOfTar:], []byte("ustar")) {
		return tarFile
	}
	if bytes.HasPrefix(bytes.TrimSpace(head), []byte("(module")) || bytes.HasPrefix(bytes.TrimSpace(head), []byte("(component")) {
		return watFile
	}
	return unknownFile
}

// machines are the processors of ELF, by Go's names.
var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64, "riscv64": elf.EM_RISCV}

// runnable refuses an executable for another system or processor, and a library.
func runnable(path string, kind fileKind) error {
	if kind == scriptFile {
		return nil
	}
	f, err := elf.Open(path)
	if err != nil {
		return fmt.Errorf("a broken executable: %w", err)
	}
	defer f.Close()
	switch want := machines[runtime.GOARCH]; {
	case runtime.GOOS != "linux":
		return fmt.Errorf("an executable for Linux, and this is %s", runtime.GOOS)
	case f.Type != elf.ET_EXEC && f.Type != elf.ET_DYN:
		return fmt.Errorf("an object file (%v) and not an executable: link it", f.Type)
	case f.Type == elf.ET_DYN && f.Entry == 0:
		return errors.New("a shared library and not an executable")
	case want != elf.EM_NONE && f.Machine != want:
		return fmt.Errorf("an executable for %v, and this is %s", f.Machine, runtime.GOARCH)
	}
	return nil
}
