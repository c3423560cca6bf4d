package results

import (
	"compress/gzip"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
)

// recordsText is what a file of records says, decompressed where it is compressed.
type recordsText struct {
	file   *os.File
	hasher hash.Hash // of the bytes of the file
	lines  io.Reader
	// read counts bytes of the text, limit is the most that are read.
	read, limit int64
}

// openText opens a file of records whose text has at most so many bytes. What
// another process appends from now on is left for the next reader.
func (d dir) openText(name string, limit int64) (*recordsText, error) {
	file, size, err := d.openToRead(name, limit)
	if err != nil {
		return nil, err
	}
	t := &recordsText{file: file, hasher: sha256.New(), limit: limit}
	t.lines = io.TeeReader(io.LimitReader(file, size), t.hasher)
	if name == CompressedFile {
		if t.lines, err = gunzip(t.lines); err != nil {
			return nil, both(fmt.Errorf("%s: %w", d.path(name), err), file.Close())
		}
	}
	return t, nil
}

// Read implements io.Reader.
func (t *recordsText) Read(p []byte) (int, error) {
	n, err := t.lines.Read(p)
	t.read += int64(n)
	if t.read > t.limit {
		return 0, fmt.Errorf("there are more than %d bytes, no more are read", t.limit)
	}
	return n, err
}

// checksum is that of the file, once the text has been read to its end.
func (t *recordsText) checksum() checksum { return checksum(t.hasher.Sum(nil)) }

func (t *recordsText) close() error { return t.file.Close() }

// gunzipped says of errors where they come from.
type gunzipped struct{ *gzip.Reader }

func gunzip(r io.Reader) (io.Reader, error) {
	z, err := gzip.NewReader(r)
	if errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF // the file is empty
	}
	if err != nil {
		return nil, fmt.Errorf("decompress: %w", err)
	}
	return gunzipped{z}, nil
}

// Read implements io.Reader.
func (g gunzipped) Read(p []byte) (int, error) {
	n, err := g.Reader.Read(p)
	if err != nil && err != io.EOF {
		err = fmt.Errorf("decompress: %w", err)
	}
	return n, err
}
