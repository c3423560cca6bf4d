package host

import (
	"io"
	"io/fs"
	"regexp"
	"strings"
)

// distribution is the system's name for itself (os-release(5)), "" where it has
// none.
func (t tree) distribution() string {
	for _, path := range []string{"etc/os-release", "usr/lib/os-release"} {
		text, _ := t.text(path)
		for line := range strings.Lines(text) {
			if name, ok := strings.CutPrefix(line, "PRETTY_NAME="); ok {
				return clean(strings.Trim(strings.TrimSpace(name), `"'`))
			}
		}
	}
	return ""
}

// The places of C libraries in the common distributions, and what they are
// called by the loader.
var (
	glibcPlaces = []string{"usr/lib/*/libc.so.6", "lib/*/libc.so.6", "usr/lib64/libc.so.6", "lib64/libc.so.6", "usr/lib/libc.so.6"}
	muslPlaces  = []string{"lib/ld-musl-*.so.1", "usr/lib/ld-musl-*.so.1"}
)

// glibcBanner stands in every glibc: it prints it when it is run.
var glibcBanner = regexp.MustCompile(`GNU C Library (?:\(([^)\n]{1,100})\) )?(?:stable|development) release version ([0-9.]{1,20}[0-9])`)

// maxLibrary bounds what is read of a C library, in bytes.
const maxLibrary = 16 << 20

// libc names the C library of the system's programs with its version, such as
// "glibc 2.36 (Debian GLIBC 2.36-9+deb12u4)"; "" where it is not known. musl
// tells its version in no file.
func (t tree) libc() string {
	for _, place := range glibcPlaces {
		paths, _ := fs.Glob(t.files, place)
		for _, path := range paths {
			if name := t.glibc(path); name != "" {
				return name
			}
		}
	}
	for _, place := range muslPlaces {
		if paths, _ := fs.Glob(t.files, place); len(paths) > 0 {
			return "musl"
		}
	}
	return ""
}

// glibc reads a library's banner, "" where it has none.
func (t tree) glibc(path string) string {
	file, err := t.files.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxLibrary))
	if err != nil {
		return ""
	}
	m := glibcBanner.FindSubmatch(data)
	switch {
	case m == nil:
		return ""
	case len(m[1]) == 0:
		return "glibc " + string(m[2])
	}
	return clean("glibc " + string(m[2]) + " (" + string(m[1]) + ")")
}
