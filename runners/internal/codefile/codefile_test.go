package codefile

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"edgebench/runners"
)

func write(t *testing.T, code string) runners.Prepared {
	t.Helper()
	p := runners.Prepared{Path: filepath.Join(t.TempDir(), "code"), Stored: uint64(len(code))}
	var err error
	if p.SHA256, err = Write(p.Path, []byte(code)); err != nil {
		t.Fatal(err)
	}
	return p
}

func TestUnchanged(t *testing.T) {
	p := write(t, "machine code")
	if err := Unchanged(p); err != nil {
		t.Error(err)
	}
	if err := p.Verify(); err != nil {
		t.Errorf("Write gives another hash than the harness: %v", err)
	}
}

func TestAdopt(t *testing.T) {
	p := runners.Prepared{Path: filepath.Join(t.TempDir(), "code")}
	if _, _, err := Adopt(p.Path); err == nil {
		t.Error("a file that is not there is adopted")
	}
	if err := os.WriteFile(p.Path, []byte("machine code"), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if p.SHA256, p.Stored, err = Adopt(p.Path); err != nil {
		t.Fatal(err)
	}
	if err := Unchanged(p); err != nil {
		t.Error(err)
	}
	if written := write(t, "machine code"); p.SHA256 != written.SHA256 || p.Stored != written.Stored {
		t.Errorf("Adopt gives %s and %d bytes, Write %s and %d", p.SHA256, p.Stored, written.SHA256, written.Stored)
	}
}

func TestChanges(t *testing.T) {
	for name, change := range map[string]func(p *runners.Prepared) error{
		"truncated": func(p *runners.Prepared) error { return os.Truncate(p.Path, 5) },
		"emptied":   func(p *runners.Prepared) error { return os.Truncate(p.Path, 0) },
		"rewritten": func(p *runners.Prepared) error { return os.WriteFile(p.Path, []byte("machine kode"), 0o600) },
		"same bytes again": func(p *runners.Prepared) error {
			return os.WriteFile(p.Path, []byte("machine code"), 0o600)
		},
		"another's hash": func(p *runners.Prepared) error {
			p.SHA256 = "00" + p.SHA256[2:]
			return nil
		},
		"no hash":   func(p *runners.Prepared) error { p.SHA256 = ""; return nil },
		"bad hash":  func(p *runners.Prepared) error { p.SHA256 = "zz"; return nil },
		"long hash": func(p *runners.Prepared) error { p.SHA256 += "00"; return nil },
	} {
		p := write(t, "machine code")
		if err := change(&p); err != nil {
			t.Fatal(err)
		}
		if err := Unchanged(p); !errors.Is(err, runners.ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Unchanged(runners.Prepared{Path: filepath.Join(t.TempDir(), "none"), SHA256: write(t, "x").SHA256}); err == nil {
		t.Error("a file that is not there is unchanged")
	}
}

func TestWriteLeavesNothingAfterAnError(t *testing.T) {
	path := filepath.Join(t.TempDir(), "no", "folder")
	if _, err := Write(path, nil); err == nil {
		t.Error("a file is written into a folder that does not exist")
	}
}
