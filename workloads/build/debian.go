package build

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/gofrs/flock"

	"edgebench/runners/source"
)

// debianPackages is the base of images: Debian's required packages and some
// more, of the release that runs here, as debootstrap installs them from
// Debian's own archive. Which versions these are changes with Debian's point
// releases, so that no hash is pinned; artefacts name the release and its date,
// from which the versions follow.
type debianPackages struct {
	name string
	more []string
}

var (
	debianBase     = debianPackages{"debian", nil}
	javascriptBase = debianPackages{"javascript", []string{"nodejs"}}
	pythonBase     = debianPackages{"python", []string{"python3"}}
)

// baseOf is the base of a language's images.
func baseOf(language string) (debianPackages, bool) {
	switch {
	case language == "javascript":
		return javascriptBase, true
	case language == "python":
		return pythonBase, true
	case variant(language) == "debian":
		return debianBase, true
	}
	return debianPackages{}, false
}

// leftOut is what stands in no base: what belongs to one machine or to the
// moment of installation, and what a container mounts over. A base is a tar in
// the order of its names. What an installation makes is of the release's date;
// what packages bring keeps its times, by which Python knows which of its
// compiled files are good.
var leftOut = []string{
	"dev/*", "proc/*", "sys/*", "run/*", "tmp/*", "var/cache/apt/*", "var/cache/ldconfig/*", "var/cache/debconf/*-old",
	"var/lib/apt/lists/*", "var/lib/dpkg/*-old", "var/lib/dpkg/lock*", "var/log/*", "etc/apt/sources.list", "etc/hostname",
	"etc/machine-id", "etc/resolv.conf", "etc/passwd-", "etc/group-", "etc/shadow-", "etc/gshadow-",
}

// foundBase is a base in the cache.
type foundBase struct {
	layer      string // path of its tar
	sum, about string // hash of the tar, and what is in it
}

// Files of a base in its folder.
const (
	layerFile = "layer.tar"
	aboutFile = "about"
	sumFile   = "sha256"
)

// folderOf is a base's. Its name has a part that changes with what it is made
// of.
func (b *Builder) folderOf(d debianPackages, release string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %s %q %q", release, runtime.GOARCH, d.more, leftOut))
	return filepath.Join(b.bases, d.name+"-"+release+"-"+hex.EncodeToString(sum[:6]))
}

// findBase finds what Fetch has made.
func (b *Builder) findBase(d debianPackages) (foundBase, error) {
	release, err := debianRelease()
	if err != nil {
		return foundBase{}, err
	}
	folder := b.folderOf(d, release)
	about, err := os.ReadFile(filepath.Join(folder, aboutFile))
	if errors.Is(err, os.ErrNotExist) {
		return foundBase{}, unavailable("the base %s of images is not here: run scripts/build-workloads.sh as root, which makes it of Debian's packages", d.name)
	}
	if err != nil {
		return foundBase{}, fmt.Errorf("read what a base is made of: %w", err)
	}
	sum, err := os.ReadFile(filepath.Join(folder, sumFile))
	if err != nil {
		return foundBase{}, fmt.Errorf("read the hash of a base: %w", err)
	}
	return foundBase{filepath.Join(folder, layerFile), string(sum), string(about)}, nil
}

// debianRelease is the name of the one that runs here.
func debianRelease() (string, error) {
	about, err := os.Open("/etc/os-release")
	if err != nil {
		return "", unavailable("images are based on the Debian that runs here, and none does")
	}
	defer about.Close()
	values := map[string]string{}
	for lines := bufio.NewScanner(about); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), "=")
		values[name] = strings.Trim(value, `"`)
	}
	release := values["VERSION_CODENAME"]
	if values["ID"] != "debian" || !validPackage.MatchString(release) {
		return "", unavailable("images are based on the Debian that runs here, and this is %.40q", values["PRETTY_NAME"])
	}
	return release, nil
}

// fetchBase makes a base unless it is there.
func (b *Builder) fetchBase(ctx context.Context, d debianPackages) error {
	release, err := debianRelease()
	if err != nil {
		return err
	}
	folder := b.folderOf(d, release)
	if exists(folder) {
		return nil
	}
	if err := os.MkdirAll(b.bases, 0o700); err != nil {
		return fmt.Errorf("make the folder of bases: %w", err)
	}
	lock := flock.New(filepath.Join(b.bases, "lock"))
	if _, err := lock.TryLockContext(ctx, 100*time.Millisecond); err != nil {
		return fmt.Errorf("wait for the folder of bases: %w", err)
	}
	defer lock.Unlock()
	if exists(folder) {
		return nil // another process has made it meanwhile
	}
	site, err := debianSite(ctx, release)
	if err != nil {
		return err
	}
	building := filepath.Join(b.bases, "building")
	if err := os.RemoveAll(building); err != nil { // of one who was killed
		return fmt.Errorf("clear the folder of bases: %w", err)
	}
	defer os.RemoveAll(building)
	made := filepath.Join(building, "made")
	if err := os.MkdirAll(made, 0o700); err != nil {
		return fmt.Errorf("make the folder of bases: %w", err)
	}
	if err := d.install(ctx, release, site, filepath.Join(building, "root"), made); err != nil {
		return err
	}
	if err := os.Rename(made, folder); err != nil {
		return fmt.Errorf("put the base in its place: %w", err)
	}
	return nil
}

// debianSite is the mirror of a release that the package manager knows.
func debianSite(ctx context.Context, release string) (string, error) {
	if _, err := exec.LookPath("debootstrap"); err != nil {
		return "", unavailable("debootstrap is not installed, which makes the bases of images: run scripts/setup-debian.sh")
	}
	if os.Geteuid() != 0 {
		return "", unavailable("debootstrap makes the bases of images and needs root: run scripts/build-workloads.sh as root")
	}
	said, err := output(ctx, "", "apt-get", "indextargets", "--format", "$(ORIGIN) $(RELEASE) $(COMPONENT) $(SITE)")
	if err != nil {
		return "", brokenTool(ctx, "the package manager does not say where Debian is: %v", err)
	}
	for line := range strings.Lines(said) {
		if site, ok := strings.CutPrefix(strings.TrimSpace(line), "Debian "+release+" main "); ok {
			return site, nil
		}
	}
	return "", unavailable("the package manager knows no mirror of Debian %s: run apt-get update as root", release)
}

// install makes a base of packages: its tar, the tar's hash and what is in it.
// Whatever debootstrap mounts and starts ends with it.
func (d debianPackages) install(ctx context.Context, release, site, root, made string) error {
	bootstrap := []string{"unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "debootstrap", "--variant=minbase"}
	if len(d.more) > 0 {
		bootstrap = append(bootstrap, "--include="+strings.Join(d.more, ","))
	}
	env := []string{"LC_ALL=C", "DEBIAN_FRONTEND=noninteractive"}
	if err := (step{args: append(bootstrap, release, root, site), env: env}).run(ctx, ""); err != nil {
		return fmt.Errorf("install Debian %s: %w", release, err)
	}
	date, err := releaseDate(root)
	if err != nil {
		return err
	}
	about, err := d.about(ctx, release, root, date)
	if err != nil {
		return err
	}
	layer := filepath.Join(made, layerFile)
	pack := []string{"tar", "--create", "--file=" + layer, "--directory=" + root, "--format=gnu", "--sort=name", "--numeric-owner",
		"--clamp-mtime", fmt.Sprintf("--mtime=@%d", date.Unix()), "--anchored"}
	for _, name := range leftOut {
		pack = append(pack, "--exclude=./"+name)
	}
	if err := (step{args: append(pack, "."), env: env}).run(ctx, ""); err != nil {
		return fmt.Errorf("pack Debian %s: %w", release, err)
	}
	sum, _, err := source.HashFile(layer)
	if err != nil {
		return fmt.Errorf("read the base: %w", err)
	}
	for name, text := range map[string]string{aboutFile: about, sumFile: sum} {
		if err := os.WriteFile(filepath.Join(made, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("keep what the base is: %w", err)
		}
	}
	return nil
}

// about names what a base is made of.
func (d debianPackages) about(ctx context.Context, release, root string, date time.Time) (string, error) {
	version, err := os.ReadFile(filepath.Join(root, "etc", "debian_version"))
	if err != nil {
		return "", fmt.Errorf("read Debian's version: %w", err)
	}
	text := fmt.Sprintf("Debian %s (%s, minbase, archive of %s)", strings.TrimSpace(string(version)), release, date.Format(time.DateOnly))
	ask := slices.Concat([]string{"dpkg-query", "--admindir=" + filepath.Join(root, "var", "lib", "dpkg"), "--show", "--showformat=, ${Package} ${Version}"}, d.more)
	if len(d.more) == 0 {
		return text, nil
	}
	versions, err := output(ctx, "", ask...)
	if err != nil {
		return "", fmt.Errorf("read the versions of Debian's packages: %w", err)
	}
	return oneLine(text + versions), nil
}

// releaseDate is when Debian's archive was what was installed from.
func releaseDate(root string) (time.Time, error) {
	files, err := filepath.Glob(filepath.Join(root, "var", "lib", "apt", "lists", "*Release"))
	if err != nil || len(files) == 0 {
		return time.Time{}, fmt.Errorf("find the date of Debian's archive: there is no Release file (%v)", err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		return time.Time{}, fmt.Errorf("find the date of Debian's archive: %w", err)
	}
	for line := range strings.Lines(string(text)) {
		if date, ok := strings.CutPrefix(strings.TrimSpace(line), "Date: "); ok {
			return time.Parse(time.RFC1123, date)
		}
	}
	return time.Time{}, errors.New("find the date of Debian's archive: its Release file has none")
}
