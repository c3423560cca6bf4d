package image

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"edgebench/runners"
)

// resolve gives the place of a folder without symbolic links in it, as a
// program inside the root file system would find it: "/" and what leads beyond
// it are the root. A folder that is missing is made if that is wanted, and else
// an error that wraps fs.ErrNotExist.
func (u *unpacker) resolve(name string, create bool) (string, error) {
	const mostLinks = 40 // as many as the kernel follows
	at, rest, links := ".", name, 0
	for rest != "" {
		var element string
		element, rest, _ = strings.Cut(rest, "/")
		if element == "" || element == "." {
			continue
		}
		if element == ".." {
			at = path.Dir(at)
			continue
		}
		next := path.Join(at, element)
		info, err := u.root.Lstat(next)
		switch {
		case errors.Is(err, fs.ErrNotExist) && create:
			if err := u.mkdir(next); err != nil {
				return "", err
			}
		case err != nil:
			return "", err
		case info.Mode()&fs.ModeSymlink != 0:
			if links++; links > mostLinks {
				return "", fmt.Errorf("more than %d symbolic links on the way: %w", mostLinks, runners.ErrMalformed)
			}
			target, err := u.root.Readlink(next)
			if err != nil {
				return "", err
			}
			if strings.HasPrefix(target, "/") {
				at = "."
			}
			rest = target + "/" + rest
			continue
		case !info.IsDir():
			return "", fmt.Errorf("%q is a file and not a folder: %w", clip(next), runners.ErrMalformed)
		}
		at = next
	}
	return at, nil
}
