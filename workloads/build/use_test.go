package build_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"edgebench/runners"
	"edgebench/workloads/build"
)

// How a program is used is read as a user writes it.
func TestUseText(t *testing.T) {
	text := build.UseText{
		Args: []string{"-v"}, Env: []string{"A=b"}, Dirs: []string{"data:/data"}, Header: []string{"Word: x"},
		Get: "/page", Status: 204, ExitCode: 3, Memory: "64m",
	}
	g := build.Given{Kind: runners.Native, Interface: "http:80/other"}
	dir := t.TempDir()
	if err := text.Give(&g, dir); err != nil {
		t.Fatal(err)
	}
	want := runners.Use{
		Args: []string{"-v"}, Env: []string{"A=b"}, ExitCode: 3, Memory: 64 << 20,
		Dirs: []runners.Folder{{Host: filepath.Join(dir, "data"), Guest: "/data"}},
		HTTP: runners.HTTPUse{Method: "GET", Status: 204, Header: []runners.Field{{Name: "Word", Value: "x"}}},
	}
	if d := cmp.Diff(want, g.Use); d != "" || g.Interface != "http:80/page" {
		t.Errorf("the interface is %s, the use differs: %s", g.Interface, d)
	}
	for want, bad := range map[string]build.UseText{
		"not both":      {Get: "/", Post: "/"},
		"begin with /":  {Get: "page"},
		"Name: value":   {Header: []string{"nonsense"}},
		"HOST:GUEST":    {Dirs: []string{"data"}},
		"such as 64m":   {Memory: "much"},
		"from 200":      {Status: 1},
		"be NAME=VALUE": {Env: []string{"A"}},
	} {
		says(t, bad.Give(&build.Given{}, ""), want)
	}
}

func TestLooksLikePath(t *testing.T) {
	for text, want := range map[string]bool{
		"./server": true, "../x": true, "/srv/x": true, "image.tar": true, "image.tgz": true,
		"server": false, "my/image:tag": false, "tar": false,
	} {
		if build.LooksLikePath(text) != want {
			t.Errorf("%s looks like a path: %v", text, !want)
		}
	}
}
