package model

import "testing"

func TestLabel(t *testing.T) {
	for _, c := range []struct {
		system System
		want   string
	}{
		{System{Name: "wazero/compiler", Version: "v1.12.0", Released: "2026-05-28"}, "wazero/compiler v1.12.0 (2026-05-28)"},
		{System{Name: "wasmer/cranelift", Version: "2.0.0", Released: "2021-08-12", Old: true}, "wasmer/cranelift 2.0.0 (2021-08-12, old release)"},
		{System{Name: "oci/crun", Version: "crun 1.8.1"}, "oci/crun crun 1.8.1 (date unknown)"},
		{System{Name: "process/plain", Version: "linux/amd64", Side: Process}, "process/plain linux/amd64"},
		{System{Name: "docker/*"}, "docker/*"},
	} {
		if got := c.system.Label(); got != c.want {
			t.Errorf("the label is %q, want %q", got, c.want)
		}
	}
}
