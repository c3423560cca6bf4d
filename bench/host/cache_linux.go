package host

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const dropCaches = "/proc/sys/vm/drop_caches"

// DropPageCache writes dirty pages to disk and then makes the kernel drop all
// unused file contents, directory entries and inodes of the node. Mapped pages
// and tmpfs stay in memory. It needs root and a writable /proc/sys, which
// containers usually do not have; otherwise the error wraps fs.ErrPermission or
// unix.EROFS.
func DropPageCache() error {
	file, err := openDropCaches()
	if err != nil {
		return err
	}
	defer file.Close()
	unix.Sync() // since dirty pages are not dropped
	if _, err := file.WriteString("3\n"); err != nil {
		return fmt.Errorf("drop the page cache: %w", err)
	}
	return nil
}

// PageCacheControl reports why DropPageCache would fail, or nil.
func PageCacheControl() error {
	file, err := openDropCaches()
	if err != nil {
		return err
	}
	return file.Close()
}

func openDropCaches() (*os.File, error) {
	file, err := os.OpenFile(dropCaches, os.O_WRONLY, 0)
	if err != nil {
		return nil, fmt.Errorf("drop the page cache, which needs root and a writable /proc/sys: %w", err)
	}
	return file, nil
}
