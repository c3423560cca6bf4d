package runners_test

import (
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
)

func TestUse(t *testing.T) {
	u := runners.Use{Args: []string{"-x"}, Env: []string{"A=1"}, HTTP: runners.HTTPUse{Method: "GET", Status: 204}}
	if err := u.Check(); err != nil || u.Zero() || !(runners.Use{}).Zero() {
		t.Errorf("Check gives %v", err)
	}
	if got := u.Environ([]string{"A=0", "B=2"}); !slices.Equal(got, []string{"B=2", "A=1"}) {
		t.Errorf("Environ gives %q", got)
	}
	if (runners.HTTPUse{}).Verb() != "POST" || (runners.HTTPUse{}).Right() != 200 || u.HTTP.Right() != 204 {
		t.Error("method and status are not the usual ones")
	}
	for says, bad := range map[string]runners.Use{
		"zero byte":  {Args: []string{"\x00"}},
		"NAME=VALUE": {Env: []string{"=x"}},
		"at most":    {Args: make([]string, 65)},
		"method":     {HTTP: runners.HTTPUse{Method: "BREW"}},
		"status":     {HTTP: runners.HTTPUse{Status: 99}},
		"client's":   {HTTP: runners.HTTPUse{Header: []runners.Field{{Name: "content-length", Value: "1"}}}},
		"header":     {HTTP: runners.HTTPUse{Header: []runners.Field{{Name: "A", Value: "b\r\nC: d"}}}},
		"absolute":   {Dirs: []runners.Folder{{Host: "relative", Guest: "/data"}}},
		"only read":  {Dirs: []runners.Folder{{Host: filepath.Join(t.TempDir(), "data"), Guest: "/data", Writable: true}}},
	} {
		if err := bad.Check(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%+v: %v; want an error that says %q", bad, err, says)
		}
	}
}

// TestRefuseUse lets a limit of memory through alone.
func TestRefuseUse(t *testing.T) {
	if err := runners.RefuseUse(runners.Use{Memory: 64 << 20}); err != nil {
		t.Errorf("a limit of memory: %v", err)
	}
	for _, u := range []runners.Use{{Args: []string{"-q"}}, {Env: []string{"A=b"}}, {ExitCode: 1, Memory: 1}} {
		if err := runners.RefuseUse(u); !errors.Is(err, runners.ErrUnavailable) {
			t.Errorf("%+v: %v; want ErrUnavailable", u, err)
		}
	}
}

func FuzzParseUse(f *testing.F) {
	for _, s := range []string{"data:/data", "Name: value", ":", "a:b:/c", "x:/../y", "A:\r\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if d, err := runners.ParseDir(text); err == nil && (!filepath.IsAbs(d.Host) || !strings.HasPrefix(d.Guest, "/")) {
			t.Errorf("%q gives the folder %+v", text, d)
		}
		if field, err := runners.ParseField(text); err == nil && strings.ContainsAny(field.Name+field.Value, "\r\n\x00") {
			t.Errorf("%q gives the field %+v", text, field)
		}
	})
}
