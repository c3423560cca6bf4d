package image

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"edgebench/runners"
)

// part is an entry of an archive: content at an offset, or a link to another.
type part struct {
	at, size int64
	link     string // "" for content
}

// index finds the entries of an archive without reading their contents.
func index(r *io.SectionReader, b bounds) (map[string]part, error) {
	parts := make(map[string]part)
	t := tar.NewReader(r)
	for {
		h, err := t.Next()
		if err == io.EOF {
			return parts, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the archive: %w", malformed(err))
		}
		if len(parts) == b.parts {
			return nil, fmt.Errorf("the archive has more than %d entries: %w", b.parts, runners.ErrTooLarge)
		}
		name, err := inside(h.Name, b)
		if err != nil {
			return nil, err
		}
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeGNUSparse:
			at, err := r.Seek(0, io.SeekCurrent)
			if err != nil {
				return nil, fmt.Errorf("read the archive: %w", err)
			}
			if h.Size > r.Size()-at || hasHoles(h) {
				return nil, fmt.Errorf("the archive does not hold %q as it is: %w", clip(name), runners.ErrMalformed)
			}
			parts[name] = part{at: at, size: h.Size}
		case tar.TypeSymlink:
			// Docker writes a layer once and links to it.
			target, err := inside(path.Join(path.Dir(name), h.Linkname), b)
			if err != nil {
				return nil, err
			}
			parts[name] = part{link: target}
		}
	}
}

// hasHoles says that a file is sparse: the tar has not all of its bytes.
func hasHoles(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

// malformed is ErrMalformed for what is wrong with bytes that could be read.
func malformed(err error) error {
	_, system := errors.AsType[*fs.PathError](err)
	if system || errors.Is(err, runners.ErrTooLarge) {
		return err
	}
	return fmt.Errorf("%w: %w", err, runners.ErrMalformed)
}

// inside gives a name from the root on, without dots and doubled slashes, "."
// for the root itself. One that leads out of the root is ErrMalformed.
func inside(name string, b bounds) (string, error) {
	if len(name) > b.name {
		return "", fmt.Errorf("a name of %d bytes (%q): %w", len(name), clip(name), runners.ErrTooLarge)
	}
	// Each level of a name costs a look at every level above it.
	if n := strings.Count(name, "/"); n > b.depth {
		return "", fmt.Errorf("a name of %d folders in each other (%q): %w", n, clip(name), runners.ErrTooLarge)
	}
	for element := range strings.SplitSeq(name, "/") {
		if element == ".." {
			return "", fmt.Errorf("the name %q leads out of the image: %w", clip(name), runners.ErrMalformed)
		}
	}
	return path.Clean("./" + strings.TrimLeft(name, "/")), nil
}
