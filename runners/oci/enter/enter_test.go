//go:build linux

package enter

import (
	"bytes"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestImports keeps the package small enough to run before all others.
func TestImports(t *testing.T) {
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range f.Imports {
			switch path, _ := strconv.Unquote(i.Path.Value); path {
			case "syscall", "time", "unsafe":
			default:
				t.Errorf("%s imports %s: each container's start would wait for its initialisation", name, path)
			}
		}
	}
}

func TestConstants(t *testing.T) {
	pairs := map[string][2]int{
		"CLONE_NEWCGROUP":               {cloneNewCgroup, unix.CLONE_NEWCGROUP},
		"SYS_CLOSE_RANGE":               {sysCloseRange, unix.SYS_CLOSE_RANGE},
		"PR_SET_SECCOMP":                {prSetSeccomp, unix.PR_SET_SECCOMP},
		"PR_SET_NO_NEW_PRIVS":           {prSetNoNewPrivs, unix.PR_SET_NO_NEW_PRIVS},
		"SECCOMP_MODE_FILTER":           {seccompFilter, unix.SECCOMP_MODE_FILTER},
		"LINUX_CAPABILITY_VERSION_3":    {capVersion3, unix.LINUX_CAPABILITY_VERSION_3},
		"CAP_SYS_ADMIN":                 {capSysAdmin, unix.CAP_SYS_ADMIN},
		"descriptors that are standard": {firstNotStandard, unix.Stderr + 1},
	}
	for name, p := range pairs {
		if p[0] != p[1] {
			t.Errorf("%s is %#x here and %#x in x/sys/unix", name, p[0], p[1])
		}
	}
}

var plans = []Plan{
	{},
	{Args: []string{"sh", "-c", ""}, Env: []string{"PATH=/bin:/usr/bin", "A="}, Dir: "/home"},
	{Root: "/a", Name: "edgebench-a-1", ID: 65534, Filter: []byte{1, 2, 3, 4, 5, 6, 7, 8}},
	{Root: "/b", Limits: []Limit{{7, 1024}, {4, 0}, {2, 1<<40 + 1}}, Rehearsal: true},
}

func TestPlan(t *testing.T) {
	for _, p := range plans {
		b := p.Encode()
		if int(number(b)) != len(b)-lengthSize {
			t.Errorf("the length of %+v is %d of %d", p, number(b), len(b))
		}
		got, ok := decode(b[lengthSize:])
		if len(got.Filter) == 0 {
			got.Filter = nil
		}
		if !ok || !reflect.DeepEqual(got, p) {
			t.Errorf("%+v comes back as %+v (%v)", p, got, ok)
		}
		for cut := lengthSize; cut < len(b); cut++ {
			if _, ok := decode(b[lengthSize:cut]); ok {
				t.Fatalf("%+v is accepted after %d of %d bytes", p, cut, len(b))
			}
		}
	}
}

func TestReport(t *testing.T) {
	for _, r := range []Report{{At: time.Hour}, {At: 1, Failure: "mount /proc: operation not permitted"}} {
		b := r.encode()
		got, n, ok := DecodeReport([ReportSize]byte(b))
		got.Failure = string(b[ReportSize:])
		if !ok || got != r || n != len(r.Failure) {
			t.Errorf("%+v comes back as %+v, %d, %v", r, got, n, ok)
		}
	}
	if _, _, ok := DecodeReport([ReportSize]byte(bytes.Repeat([]byte{0xff}, ReportSize))); ok {
		t.Error("a report with an endless failure is accepted")
	}
}

func FuzzDecode(f *testing.F) {
	for _, p := range plans {
		f.Add(p.Encode()[lengthSize:])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, ok := decode(b)
		if !ok || len(b) == 0 || b[len(b)-1] > 1 {
			return // not a plan, or one that Encode would write otherwise
		}
		if again := p.Encode()[lengthSize:]; !bytes.Equal(again, b) {
			t.Errorf("%x is read as %+v, which is written as %x", b, p, again)
		}
	})
}

func TestPath(t *testing.T) {
	if got := pathIn([]string{"A=b", "PATHS=/x", "PATH=/bin:/usr/bin=", "PATH=/y"}); got != "/bin:/usr/bin=" {
		t.Errorf("PATH is %q", got)
	}
	if got := pathIn(nil); got != "" {
		t.Errorf("without a PATH it is %q", got)
	}
	if has("sh", '/') || !has("bin/sh", '/') || !has("sh/", '/') {
		t.Error("a slash is not found, or found where none is")
	}
}
