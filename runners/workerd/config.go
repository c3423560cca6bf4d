package workerd

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"edgebench/runners"
	"edgebench/runners/interfaces"
)

// socketName is the name of the one socket of a configuration.
const socketName = "http"

// fields are the names of the kinds of module in a configuration
// (workerd's workerd.capnp).
var fields = map[kind]string{kindScript: "esModule", kindWasm: "wasm", kindData: "data"}

// settings are those of a configuration.
type settings struct {
	// bindings are what the worker gets in its env, in the words of a configuration.
	bindings string
	// offline keeps the worker from the network.
	offline bool
}

// nowhere is the name of a network without addresses.
const nowhere = "nowhere"

// outbound says in the words of a configuration where requests of the worker go, and what
// service that is.
func (s settings) outbound() (setting, service string) {
	if !s.offline {
		return "", ""
	}
	return fmt.Sprintf("\n    globalOutbound = %q,", nowhere), fmt.Sprintf(", (name = %q, network = (allow = []))", nowhere)
}

// configuration is the text of one with a single worker, whose modules lie beside it in
// files of the form module0.
func configuration(modules []module, s settings) string {
	outbound, network := s.outbound()
	var list strings.Builder
	for i, m := range modules {
		fmt.Fprintf(&list, "      (name = %q, %s = embed %q),\n", m.name, fields[m.kind], moduleFile(i))
	}
	return fmt.Sprintf(`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (
    compatibilityDate = %q,%s
    modules = [
%s    ],
    bindings = [%s],
  ))%s],
  sockets = [(name = %q, service = "main", http = ())],
);
`, compatibilityDate, outbound, &list, s.bindings, network, socketName)
}

func moduleFile(i int) string { return fmt.Sprintf("module%d", i) }

// compile writes the binary form of a configuration with one worker to a new file, with
// which workerd starts 2 ms sooner. dir is an empty folder for its parts, which is empty
// afterwards but for the file.
func compile(ctx context.Context, program, dir string, modules []module, s settings) (path string, err error) {
	parts := filepath.Join(dir, "parts")
	if err := os.Mkdir(parts, 0o700); err != nil {
		return "", fmt.Errorf("write the worker: %w", err)
	}
	defer func() { err = cmp.Or(err, os.RemoveAll(parts)) }()
	for i, m := range modules {
		if err := os.WriteFile(filepath.Join(parts, moduleFile(i)), m.body, 0o600); err != nil {
			return "", fmt.Errorf("write the worker: %w", err)
		}
	}
	text := filepath.Join(parts, "config.capnp")
	if err := os.WriteFile(text, []byte(configuration(modules, s)), 0o600); err != nil {
		return "", fmt.Errorf("write the worker: %w", err)
	}
	path = filepath.Join(dir, "worker.bin")
	out, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("write the configuration: %w", err)
	}
	var said bytes.Buffer
	cmd := exec.CommandContext(ctx, program, "compile", "--config-only", text)
	cmd.Stdout, cmd.Stderr = out, &said
	if err = cmp.Or(cmd.Run(), out.Close()); err != nil {
		return "", fmt.Errorf("workerd compile: %w: %s: %w", err, interfaces.FirstLine(said.Bytes()), runners.ErrMalformed)
	}
	return path, nil
}
