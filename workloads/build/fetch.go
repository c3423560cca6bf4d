package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"edgebench/runners/source"
)

// fetchAll brings the sources of third parties that a workload is built from into
// the cache, and checks each against its pin, and makes the bases of its images;
// what is there already stays. An error wraps runners.ErrUnavailable where a
// tool is missing on this machine.
func (b *Builder) fetchAll(ctx context.Context, w Workload) error {
	for _, s := range w.Sources {
		if err := b.fetch(ctx, s); err != nil {
			return fmt.Errorf("fetch %s %s for %s in %s: %w", s.Name, s.Version, w.Name, s.Language, err)
		}
	}
	for _, language := range w.Languages {
		if d, ok := baseOf(language); ok {
			if err := b.fetchBase(ctx, d); err != nil {
				return fmt.Errorf("make the base %s of images for %s in %s: %w", d.name, w.Name, language, err)
			}
		}
	}
	return nil
}

func (b *Builder) fetch(ctx context.Context, s Source) error {
	folder := b.fetchedFolder(s)
	if s.From == Crate || exists(folder) {
		return nil // Debian's crates lie where cargo looks for them and checks them
	}
	if err := os.MkdirAll(b.sources, 0o700); err != nil {
		return fmt.Errorf("make the folder of sources: %w", err)
	}
	scratch, err := os.MkdirTemp(b.sources, "fetching-")
	if err != nil {
		return fmt.Errorf("make a folder to fetch into: %w", err)
	}
	defer os.RemoveAll(scratch)
	if s.From == Debian {
		err = s.fetchDebian(ctx, scratch)
	} else {
		err = s.fetchGo(ctx, scratch)
	}
	if err != nil {
		return err
	}
	// Another process may have fetched the same meanwhile.
	if err := os.Rename(filepath.Join(scratch, "files"), folder); err != nil && !exists(folder) {
		return fmt.Errorf("keep what was fetched: %w", err)
	}
	return nil
}

// aptHelper downloads as the package manager does, through whatever proxies
// the machine is set up with.
const aptHelper = "/usr/lib/apt/apt-helper"

// fetchDebian takes the orig tarball from the pools that the machine's package
// manager knows: the tarball is known by its hash, so that none needs trust.
func (s Source) fetchDebian(ctx context.Context, scratch string) error {
	sites, err := debianSites(ctx)
	if err != nil {
		return err
	}
	pool := s.Package[:1]
	if strings.HasPrefix(s.Package, "lib") && len(s.Package) > 3 {
		pool = s.Package[:4]
	}
	archive := filepath.Join(scratch, "archive")
	var failures []error
	for _, site := range sites {
		url := strings.TrimSuffix(site, "/") + "/pool/main/" + pool + "/" + s.Package + "/" + s.File
		err := step{args: []string{aptHelper, "download-file", url, archive, "SHA256:" + s.SHA256}}.run(ctx, scratch)
		if err == nil {
			return s.unpack(ctx, archive, scratch)
		}
		failures = append(failures, err)
	}
	return errors.Join(failures...)
}

// debianSites lists the mirrors of Debian that the package manager knows.
func debianSites(ctx context.Context) ([]string, error) {
	if !exists(aptHelper) {
		return nil, unavailable("sources of Debian's packages are fetched on Debian alone")
	}
	said, err := output(ctx, "", "apt-get", "indextargets", "--format", "$(ORIGIN) $(COMPONENT) $(SITE)")
	if err != nil {
		return nil, brokenTool(ctx, "the package manager does not say where Debian is: %v", err)
	}
	var sites []string
	for line := range strings.Lines(said) {
		if site, ok := strings.CutPrefix(strings.TrimSpace(line), "Debian main "); ok && !slices.Contains(sites, site) {
			sites = append(sites, site)
		}
	}
	if len(sites) == 0 {
		return nil, unavailable("the package manager knows no mirror of Debian: run apt-get update as root")
	}
	return sites, nil
}

// unpack checks the archive by itself, since apt-helper has been known to
// accept what it had no hash for.
func (s Source) unpack(ctx context.Context, archive, scratch string) error {
	sum, _, err := source.HashFile(archive)
	if err != nil {
		return fmt.Errorf("read what was fetched: %w", err)
	}
	if sum != s.SHA256 {
		return fmt.Errorf("%s has SHA-256 %s, the manifest says %s", s.File, sum, s.SHA256)
	}
	files := filepath.Join(scratch, "files")
	if err := os.Mkdir(files, 0o700); err != nil {
		return fmt.Errorf("make a folder to unpack into: %w", err)
	}
	return step{args: []string{"tar", "-xf", archive, "-C", files, "--strip-components=1", "--no-same-owner"}}.run(ctx, scratch)
}

// fetchGo copies the files of a Go module out of the module cache.
func (s Source) fetchGo(ctx context.Context, scratch string) error {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", s.Package+"@"+s.Version)
	cmd.Dir = scratch
	// The manifest's sum takes the place of the public database's.
	cmd.Env = append(os.Environ(), "GO111MODULE=on", "GOFLAGS=-mod=mod", "GOWORK=off", "GONOSUMDB="+s.Package)
	said, err := cmd.Output()
	var got struct{ Dir, Sum, Error string }
	if json.Unmarshal(said, &got) != nil || got.Error != "" || err != nil {
		return fmt.Errorf("go mod download: %v: %s", err, oneLine(got.Error))
	}
	if got.Sum != s.Sum {
		return fmt.Errorf("the module's sum is %s, the manifest says %s", got.Sum, s.Sum)
	}
	if err := os.CopyFS(filepath.Join(scratch, "files"), os.DirFS(got.Dir)); err != nil {
		return fmt.Errorf("copy the module: %w", err)
	}
	return nil
}
