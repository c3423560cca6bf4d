package results

import (
	"strings"
	"testing"
)

func TestNearest(t *testing.T) {
	known := []string{"compare", "quick", "wasmtime", "wasmer", "wazero", "wazero/compiler", "cold", "run"}
	for name, want := range map[string]string{
		"comapre": "compare", "quik": "quick", "wasmtim": "wasmtime", "wazro": "wazero", "wazero/compile": "wazero/compiler",
		"colld": "cold", "COLD": "cold", "rn": "run", "frobnicate": "", "": "", "x": "", strings.Repeat("w", 1000): "",
	} {
		if got := Nearest(name, known); got != want {
			t.Errorf("the nearest of %.20q is %q, want %q", name, got, want)
		}
	}
	if err := Unknown("rung", "colld", []string{"hot", "cold", "hot"}); err.Error() != `unknown rung "colld", the nearest is cold: choose from cold, hot` {
		t.Error(err)
	}
	if err := Unknown("rung", strings.Repeat("x", 1000), nil); len(err.Error()) > 200 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}
