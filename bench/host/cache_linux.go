package host

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const dropCaches = "/proc/sys/vm/drop_caches"

// DropPageCache writes all that is dirty to the disks and then makes the
// kernel forget all file contents, directory entries and inodes that nobody
// has in use, on the whole node. Pages that a process has mapped stay, and so
// does what lives in memory alone (tmpfs). It needs root and a /proc/sys that
// can be written to, which containers lack as a rule; otherwise the error
// wraps fs.ErrPermission or unix.EROFS.
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
