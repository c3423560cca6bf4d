package identify

import (
	"archive/tar"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"

	"edgebench/runners"
	"edgebench/runners/image"
)

// archive tells what a tar is by the names in it, and reads the image's ports.
func (p Program) archive() (Program, error) {
	p.Kind = runners.Image
	names, err := namesIn(p.What)
	if err != nil {
		return p, p.refuse("a tar that can't be read: %v", err)
	}
	switch {
	case slices.Contains(names, "manifest.json"):
		p.Form = Saved
	case slices.Contains(names, "index.json"):
		p.Form = LayoutTar
	case slices.ContainsFunc(names, isRootFolder):
		return p, p.refuse("a root file system as docker export writes it, which does not say what to run: docker import --change 'ENTRYPOINT [\"/PROGRAM\"]' %s NAME:1 makes an image of it", p.Name)
	default:
		return p, p.refuse("a tar that holds neither an image nor a root file system")
	}
	a, err := image.Open(p.What)
	if err != nil {
		return p, p.refuse("%s: %s", p.Form, strings.TrimPrefix(said(err), p.What+": "))
	}
	defer a.Close()
	var texts []string
	for port := range a.Config().ExposedPorts {
		texts = append(texts, port)
	}
	p.Ports = ports(texts)
	return p, nil
}

// mostNames bounds the entries that are looked at: what tells archives apart comes
// early in a root file system, and an image has few entries.
const mostNames = 10_000

// namesIn lists the names at the top of a tar, without those of folders' contents.
func namesIn(file string) (names []string, err error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := tar.NewReader(f)
	for range mostNames {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		first, _, _ := strings.Cut(strings.TrimPrefix(path.Clean("/"+h.Name), "/"), "/")
		if !slices.Contains(names, first) {
			names = append(names, first)
		}
	}
	return names, nil
}

// isRootFolder says whether a name is one of those at the root of a file system.
func isRootFolder(name string) bool {
	return slices.Contains([]string{"bin", "etc", "usr", "dev", "proc", "lib", ".dockerenv"}, name)
}

// ports reads "8080/tcp" and "8080", and leaves out other protocols than TCP.
func ports(texts []string) (list []uint16) {
	for _, text := range texts {
		number, protocol, found := strings.Cut(text, "/")
		n, err := strconv.ParseUint(number, 10, 16)
		if err == nil && n > 0 && (!found || protocol == "tcp") {
			list = append(list, uint16(n))
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
