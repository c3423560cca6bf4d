package build

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"edgebench/runners/source"
)

// installPackages lets npm fetch the packages that the lock file of a kit pins,
// check them, and put them into the folder of the fetched sources, unless they
// are there. It returns the folder of the packages.
func (b *Builder) installPackages(ctx context.Context, kit string) (string, error) {
	for _, tool := range []string{"node", "npm"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", unavailable("%s is missing (Debian: apt-get install nodejs npm)", tool)
		}
	}
	kit = filepath.Join(b.root, filepath.FromSlash(kit))
	sum, _, err := source.HashFile(filepath.Join(kit, "package-lock.json"))
	if err != nil {
		return "", fmt.Errorf("read what pins the packages: %w", err)
	}
	folder := filepath.Join(b.sources, filepath.Base(kit)+"-"+sum[:12])
	if !exists(folder) {
		if err := b.install(ctx, kit, folder); err != nil {
			return "", fmt.Errorf("install the packages of %s: %w", filepath.Base(kit), err)
		}
	}
	return filepath.Join(folder, "node_modules"), nil
}

// install makes the folder, which appears whole.
func (b *Builder) install(ctx context.Context, kit, folder string) error {
	if err := os.MkdirAll(b.sources, 0o700); err != nil {
		return fmt.Errorf("make the folder of sources: %w", err)
	}
	scratch, err := os.MkdirTemp(b.sources, "fetching-")
	if err != nil {
		return fmt.Errorf("make a folder to install in: %w", err)
	}
	defer os.RemoveAll(scratch)
	for _, name := range []string{"package.json", "package-lock.json"} {
		text, err := os.ReadFile(filepath.Join(kit, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(scratch, name), text, 0o600)
		}
		if err != nil {
			return fmt.Errorf("copy what pins the packages: %w", err)
		}
	}
	install := step{args: []string{"npm", "ci", "--prefix", scratch, "--ignore-scripts", "--no-audit", "--no-fund"}}
	if err := install.run(ctx, scratch); err != nil {
		return err
	}
	// Another process may have installed the same meanwhile.
	if err := os.Rename(scratch, folder); err != nil && !exists(folder) {
		return fmt.Errorf("keep what was installed: %w", err)
	}
	return nil
}

// npmVersion reads the version of an installed package.
func npmVersion(folder string) (string, error) {
	text, err := os.ReadFile(filepath.Join(folder, "package.json"))
	if err != nil {
		return "", err
	}
	var about struct{ Version string }
	if err := json.Unmarshal(text, &about); err != nil || !validVersion.MatchString(about.Version) {
		return "", fmt.Errorf("%s names no version", folder)
	}
	return about.Version, nil
}
