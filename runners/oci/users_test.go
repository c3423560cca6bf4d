//go:build linux

package oci

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"edgebench/runners"
)

// TestMappedUsers checks that no user of a hardened container is one of the host, that its
// writable folder and its pipes can be used all the same, and what is forbidden besides.
func TestMappedUsers(t *testing.T) {
	if !privileged() || !mapsUsers() {
		t.Skip("root alone can give a container users of its own")
	}
	path, err := guest()
	if err != nil {
		t.Skipf("%v (a Go toolchain is needed)", err)
	}
	forEachMode(t, func(t *testing.T, mode string) {
		dir := t.TempDir()
		folder := filepath.Join(dir, "folder")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		// The container's users may enter what others may.
		for path, rights := range map[string]os.FileMode{filepath.Dir(dir): 0o755, dir: 0o755, folder: 0o777} {
			if err := os.Chmod(path, rights); err != nil {
				t.Fatal(err)
			}
		}
		o := runners.Options{Mode: mode, Scratch: t.TempDir(), Scope: scopeOf(t), Memory: 64 << 20, Policy: &runners.Policy{
			Hardened: true, Folders: []runners.Folder{{Host: folder, Guest: "/folder", Writable: true}},
		}}
		s := bootWith(t, o)
		in := instantiate(t, loadGuest(t, s, path, dir))
		if mode == modeRunsc { // whose kernel has users of its own in any case
			if got := ask(t, in, "user"); got != fmt.Sprint(nobody, nobody) {
				t.Errorf("user and group are %s", got)
			}
			return
		}
		privileges(t, in)
		systemCalls(t, in)
		if got := strings.Fields(ask(t, in, "read /proc/self/uid_map")); !slices.Equal(got, []string{"0", fmt.Sprint(firstUser), fmt.Sprint(userCount)}) {
			t.Errorf("the map of users is %v", got)
		}
		status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", in.container.id()))
		if err != nil || !strings.Contains(string(status), fmt.Sprintf("Uid:\t%d\t", firstUser+nobody)) {
			t.Errorf("the host sees another user (%v):\n%s", err, status)
		}
		for _, request := range []string{"write /folder/x", "write /tmp/x", "write /dev/stderr", "write /dev/null"} {
			if got := ask(t, in, request); got != "ok" {
				t.Errorf("%s: %s", request, got)
			}
		}
	})
}
