package runners

import (
	"errors"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/http/httpguts"
)

// Use is how a program is used, beside its Interface. The zero Use is that of all
// artefacts of our own. A runner that cannot give a program what its Use asks for
// refuses the artefact in Prepare with an error that wraps ErrUnavailable.
type Use struct {
	// Args follow the program's name. An image's CMD gives way to them, as in
	// `docker run IMAGE ARGS`.
	Args []string `json:"args,omitempty"`
	// Env has variables as NAME=VALUE, beside those that the program has anyway.
	Env []string `json:"env,omitempty"`
	// Dirs are folders of this machine that the program may read. None is writable.
	Dirs []Folder `json:"dirs,omitempty"`
	// ExitCode is the right one of a command.
	ExitCode uint8 `json:"exit_code,omitempty"`
	// Memory limits each instance, in bytes (Options.Memory); 0 means the runner's
	// default.
	Memory uint64 `json:"memory_bytes,omitempty"`
	// HTTP is how a server is asked.
	HTTP HTTPUse `json:"http,omitzero"`
}

// HTTPUse is how an HTTP server is asked, beside the path in its Interface.
type HTTPUse struct {
	// Method of each request, "" for POST. A GET has no body.
	Method string `json:"method,omitempty"`
	// Header has further fields of each request.
	Header []Field `json:"header,omitempty"`
	// Status is the right one of an answer, 0 for 200.
	Status int `json:"status,omitempty"`
}

// Field is one of a request's header.
type Field struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Verb is the method.
func (u HTTPUse) Verb() string {
	if u.Method == "" {
		return http.MethodPost
	}
	return u.Method
}

// Right is the status of a right answer.
func (u HTTPUse) Right() int {
	if u.Status == 0 {
		return http.StatusOK
	}
	return u.Status
}

// Folders are those that a guest may read: that of the artefact's files, which is its
// working directory "/", and those of its Use.
func (a Artefact) Folders() []Folder {
	if a.Files == "" {
		return a.Use.Dirs
	}
	return append([]Folder{{Host: a.Files, Guest: "/"}}, a.Use.Dirs...)
}

// Zero says whether nothing differs from what artefacts of our own have.
func (u Use) Zero() bool {
	return len(u.Args)+len(u.Env)+len(u.Dirs)+len(u.HTTP.Header) == 0 && u.ExitCode == 0 && u.Memory == 0 && u.HTTP.Method == "" && u.HTTP.Status == 0
}

// RefuseUse is the error of a runner that can give a program nothing of its Use but the
// memory limit, nil where no more is asked for.
func RefuseUse(u Use) error {
	u.Memory = 0
	if u.Zero() {
		return nil
	}
	return fmt.Errorf("arguments, variables, folders and another exit code than 0 are not supported: %w", ErrUnavailable)
}

// Environ adds the variables to others, of which those with the same name give way.
func (u Use) Environ(others []string) []string {
	kept := slices.DeleteFunc(slices.Clone(others), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.ContainsFunc(u.Env, func(own string) bool { return strings.HasPrefix(own, name+"=") })
	})
	return append(kept, u.Env...)
}

// Bounds of a Use.
const (
	maxUseEntries = 64      // of each list
	maxUseText    = 4 << 10 // bytes of an entry
)

// Check refuses what no program can be given. Its errors are a user's mistakes.
func (u Use) Check() error {
	if err := errors.Join(checkTexts("arguments", u.Args), checkTexts("variables", u.Env)); err != nil {
		return err
	}
	for _, v := range u.Env {
		if name, _, ok := strings.Cut(v, "="); !ok || name == "" {
			return fmt.Errorf("the variable %.60q must be NAME=VALUE", v)
		}
	}
	if len(u.Dirs) > maxUseEntries {
		return fmt.Errorf("there are %d folders, at most %d are taken", len(u.Dirs), maxUseEntries)
	}
	for _, d := range u.Dirs {
		if d.Writable {
			return fmt.Errorf("the folder %.60q must be one that the program may only read", d.Host)
		}
		if !filepath.IsAbs(d.Host) || !path.IsAbs(d.Guest) || path.Clean(d.Guest) != d.Guest || checkTexts("paths", []string{d.Host, d.Guest}) != nil {
			return fmt.Errorf("the folder %.60q at %.60q must be a folder of this machine at an absolute path without dots", d.Host, d.Guest)
		}
	}
	return u.HTTP.check()
}

func checkTexts(what string, list []string) error {
	if len(list) > maxUseEntries {
		return fmt.Errorf("there are %d %s, at most %d are taken", len(list), what, maxUseEntries)
	}
	for _, s := range list {
		if len(s) > maxUseText || strings.ContainsRune(s, 0) {
			return fmt.Errorf("one of the %s (%.40q) has a zero byte or more than %d bytes", what, s, maxUseText)
		}
	}
	return nil
}

// methods are those that a request may have.
var methods = []string{"", http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

func (u HTTPUse) check() error {
	if !slices.Contains(methods, u.Method) {
		return fmt.Errorf("the method %.20q is none of GET, POST, PUT, PATCH and DELETE", u.Method)
	}
	if len(u.Header) > maxUseEntries {
		return fmt.Errorf("there are %d fields of a header, at most %d are taken", len(u.Header), maxUseEntries)
	}
	for _, f := range u.Header {
		if len(f.Name)+len(f.Value) > maxUseText || !httpguts.ValidHeaderFieldName(f.Name) || !httpguts.ValidHeaderFieldValue(f.Value) {
			return fmt.Errorf("%.60q is not a field of a header", f.Name+": "+f.Value)
		}
		if slices.ContainsFunc([]string{"Content-Length", "Transfer-Encoding", "Connection"}, func(own string) bool { return strings.EqualFold(own, f.Name) }) {
			return fmt.Errorf("the field %s of a header is the client's own", f.Name)
		}
	}
	if u.Status != 0 && (u.Status < http.StatusOK || u.Status > 599) {
		return fmt.Errorf("the status %d must be from 200 to 599", u.Status)
	}
	return nil
}

// ParseField reads a field of a header, as "Name: value".
func ParseField(text string) (Field, error) {
	name, value, ok := strings.Cut(text, ":")
	f := Field{Name: name, Value: strings.TrimSpace(value)}
	if !ok {
		return f, fmt.Errorf("%.60q must be 'Name: value'", text)
	}
	return f, HTTPUse{Header: []Field{f}}.check()
}

// ParseDir reads HOST:GUEST. A relative path of this machine becomes absolute.
func ParseDir(text string) (Folder, error) {
	at := strings.LastIndexByte(text, ':')
	if at <= 0 || strings.ContainsFunc(text, unicode.IsControl) {
		return Folder{}, fmt.Errorf("%.60q must be HOST:GUEST, a folder of this machine and the path at which the program finds it", text)
	}
	host, err := filepath.Abs(text[:at])
	if err != nil {
		return Folder{}, err
	}
	d := Folder{Host: host, Guest: path.Clean(text[at+1:])}
	return d, Use{Dirs: []Folder{d}}.Check()
}
