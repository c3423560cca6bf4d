// Package dockerhost finds the engine that the command docker talks to, so that what is
// exported by the command and what is run through the API are of one engine. It needs no
// library of Docker.
package dockerhost

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Default is the address where nothing names another.
const Default = "unix:///var/run/docker.sock"

// Address is that of an engine.
type Address struct {
	// Host is a URL such as unix:///var/run/docker.sock.
	Host string
	// From says what names it: DOCKER_HOST, or a docker context; "" for the default.
	From string
}

// Variables that the command reads.
const (
	hostVariable    = "DOCKER_HOST"
	contextVariable = "DOCKER_CONTEXT"
	configVariable  = "DOCKER_CONFIG"
)

// Find gives the address in the order of the command docker: the variable DOCKER_HOST,
// then the context of DOCKER_CONTEXT or else the current one of the user's configuration.
// An error is one line that says what to do.
func Find() (Address, error) {
	if host := os.Getenv(hostVariable); host != "" {
		return Address{host, hostVariable}, nil
	}
	folder, err := configFolder()
	if err != nil {
		return Address{Host: Default}, nil // a user without a home has no contexts
	}
	name := os.Getenv(contextVariable)
	if name == "" {
		var config struct {
			CurrentContext string `json:"currentContext"`
		}
		if err := read(filepath.Join(folder, "config.json"), &config); err != nil {
			return Address{}, fmt.Errorf("read the configuration of the command docker: %w: correct it or set %s", err, hostVariable)
		}
		name = config.CurrentContext
	}
	if name == "" || name == "default" {
		return Address{Host: Default}, nil
	}
	return ofContext(folder, name)
}

func configFolder() (string, error) {
	if folder := os.Getenv(configVariable); folder != "" {
		return folder, nil
	}
	home, err := os.UserHomeDir()
	return filepath.Join(home, ".docker"), err
}

// ofContext reads the address of a context. Its folder is named by the hash of its name.
func ofContext(folder, name string) (Address, error) {
	from := "the docker context " + name
	sum := sha256.Sum256([]byte(name))
	var meta struct {
		Endpoints map[string]struct{ Host string }
	}
	err := read(filepath.Join(folder, "contexts", "meta", hex.EncodeToString(sum[:]), "meta.json"), &meta)
	if err != nil {
		return Address{}, fmt.Errorf("read %s: %w: choose another with docker context use, or set %s", from, err, hostVariable)
	}
	host := meta.Endpoints["docker"].Host
	if host == "" {
		return Address{}, fmt.Errorf("%s names no engine: choose another with docker context use, or set %s", from, hostVariable)
	}
	return Address{host, from}, nil
}

// maxText bounds a file of the configuration, in bytes.
const maxText = 1 << 20

// read reads a JSON file; one that is not there leaves the value as it is.
func read(path string, into any) error {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxText))
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}
