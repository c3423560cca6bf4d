//go:build cgo && linux && amd64

package v8

import (
	"os"
	"regexp"
	"testing"
)

// A thread older than V8's protection key may not read what it protects, and Go's
// runtime has such threads. The kernel lists keys where the processor has them.
func TestNoProtectionKeys(t *testing.T) {
	boot(t, "isolate")
	maps, err := os.ReadFile("/proc/self/smaps")
	if err != nil {
		t.Fatal(err)
	}
	if found := regexp.MustCompile(`(?m)^ProtectionKey: +[1-9].*$`).FindAll(maps, -1); found != nil {
		t.Errorf("%d mappings are protected, such as by %s", len(found), found[0])
	}
}
