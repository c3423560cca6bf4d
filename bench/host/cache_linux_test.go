package host

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// resident counts the pages of a file that are in the page cache.
func resident(t *testing.T, path string) (pages, of int) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, _ := file.Stat()
	memory, err := unix.Mmap(int(file.Fd()), 0, int(info.Size()), unix.PROT_READ, unix.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Munmap(memory)
	in := make([]byte, (len(memory)+os.Getpagesize()-1)/os.Getpagesize())
	_, _, errno := unix.Syscall(unix.SYS_MINCORE, uintptr(unsafe.Pointer(&memory[0])), uintptr(len(memory)), uintptr(unsafe.Pointer(&in[0])))
	if errno != 0 {
		t.Fatal(errno)
	}
	for _, b := range in {
		pages += int(b & 1)
	}
	return pages, len(in)
}

// A file that was just written is in the page cache, and after the drop is not.
func TestDropPageCache(t *testing.T) {
	if err := PageCacheControl(); err != nil {
		t.Skip(err)
	}
	dir := t.TempDir()
	var disk unix.Statfs_t
	if err := unix.Statfs(dir, &disk); err != nil || disk.Type == unix.TMPFS_MAGIC {
		t.Skipf("%s lives in memory alone; set TMPDIR to a folder on a disk", dir)
	}
	path := filepath.Join(dir, "file")
	// Written again where another program has dropped the cache meanwhile.
	for in, of := 0, 1; in != of; in, of = resident(t, path) {
		if err := os.WriteFile(path, make([]byte, 4*mib), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := DropPageCache(); err != nil {
		t.Fatal(err)
	}
	if in, of := resident(t, path); in > of/100 {
		t.Errorf("%d of %d pages are still in the page cache", in, of)
	}
}

func TestDropPageCacheWithoutTheRight(t *testing.T) {
	control, drop := PageCacheControl(), error(nil)
	if control == nil {
		t.Skip("this user may drop the page cache; run the test as another than root")
	}
	drop = DropPageCache()
	for _, err := range []error{control, drop} {
		if !errors.Is(err, fs.ErrPermission) && !errors.Is(err, unix.EROFS) && !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v is neither forbidden nor read-only", err)
		}
		if err == nil || !strings.Contains(err.Error(), "needs root") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%v does not say in one line what it needs", err)
		}
	}
}
