package dockerhost

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The engine is that of the command docker, also where a context names it:
// https://github.com/testcontainers/testcontainers-go/issues/2607,
// https://github.com/testcontainers/testcontainers-python/issues/1069. The variable comes
// first: https://github.com/testcontainers/testcontainers-java/issues/4400.
func TestFind(t *testing.T) {
	const rancher, other = "unix:///home/user/.rd/docker.sock", "unix:///run/other.sock"
	for name, c := range map[string]struct {
		variables map[string]string
		config    string
		want      Address
		fails     string
	}{
		"nothing":             {want: Address{Host: Default}},
		"variable":            {variables: map[string]string{hostVariable: other, contextVariable: "rancher"}, want: Address{other, hostVariable}},
		"current context":     {config: `{"currentContext":"rancher","auths":{}}`, want: Address{rancher, "the docker context rancher"}},
		"context by variable": {variables: map[string]string{contextVariable: "rancher"}, config: `{"currentContext":"gone"}`, want: Address{rancher, "the docker context rancher"}},
		"default by variable": {variables: map[string]string{contextVariable: "default"}, config: `{"currentContext":"rancher"}`, want: Address{Host: Default}},
		"context is gone":     {config: `{"currentContext":"gone"}`, fails: "docker context use"},
		"broken":              {config: `{`, fails: "correct it"},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for _, v := range []string{hostVariable, contextVariable} {
				t.Setenv(v, c.variables[v])
			}
			t.Setenv(configVariable, folder)
			write(t, filepath.Join(folder, "config.json"), c.config)
			sum := sha256.Sum256([]byte("rancher"))
			write(t, filepath.Join(folder, "contexts", "meta", hex.EncodeToString(sum[:]), "meta.json"),
				`{"Name":"rancher","Metadata":{},"Endpoints":{"docker":{"Host":"`+rancher+`","SkipTLSVerify":false}}}`)
			got, err := Find()
			if got != c.want || (err != nil) != (c.fails != "") || err != nil && (!strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%+v, %v; want %+v, %q", got, err, c.want, c.fails)
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if content == "" {
		return
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
