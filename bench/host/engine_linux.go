package host

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
)

// engine is what a container engine reports about itself; empty if none answered.
type engine struct {
	version, storage string
	// podman says that it is Podman's service, which answers like Docker's engine.
	podman bool
	// bridge is the interface of its default network, "" if there is none or if it is
	// in another network namespace than ours.
	bridge string
}

// askEngine queries the engine at a unix socket by Docker's API, in which every
// version has /info. The result is empty if the engine does not answer before the
// context ends.
func askEngine(ctx context.Context, socket string) engine {
	transport := &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", socket)
	}}
	defer transport.CloseIdleConnections()
	info, ok := getText(ctx, transport, "/info")
	if !ok {
		return engine{}
	}
	network, _ := getText(ctx, transport, "/networks/bridge")
	return parseEngine(info, network)
}

// parseEngine reads the answers to /info and, nil for none, to /networks/bridge.
func parseEngine(text, network []byte) engine {
	var info struct {
		ServerVersion, Driver, OperatingSystem string
		BuildahVersion                         string // of Podman alone
		SecurityOptions                        []string
	}
	if json.Unmarshal(text, &info) != nil {
		return engine{}
	}
	e := engine{version: clean(info.ServerVersion), storage: clean(info.Driver), podman: info.BuildahVersion != ""}
	var bridge struct{ Options map[string]string }
	elsewhere := slices.Contains(info.SecurityOptions, "name=rootless") || strings.Contains(info.OperatingSystem, "Docker Desktop")
	if !elsewhere && json.Unmarshal(network, &bridge) == nil {
		e.bridge = filepath.Base(clean("/" + bridge.Options["com.docker.network.bridge.name"]))
	}
	if e.bridge == "/" {
		e.bridge = ""
	}
	return e
}

// getText gets one answer of an engine, of bounded length.
func getText(ctx context.Context, transport http.RoundTripper, path string) ([]byte, bool) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine"+path, nil)
	if err != nil {
		return nil, false
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return nil, false
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxText))
	return text, err == nil && response.StatusCode == http.StatusOK
}

// name is what the engine is called.
func (e engine) name() string {
	if e.podman {
		return "Podman"
	}
	return "engine"
}

// costlyStorage are drivers that copy all layers for each container, or use a
// loop device or a user-space process.
var costlyStorage = []string{"vfs", "devicemapper", "fuse-overlayfs", "native"}

// checkStorage judges how the engine keeps images.
func checkStorage(e engine) Finding {
	f := Finding{Name: "storage_driver", State: OK, Value: e.storage,
		Meaning: "the storage driver affects each cold start of a container and the disk space of an image"}
	if e.storage == "" {
		f.State = Unknown
		return f
	}
	if e.version != "" {
		f.Value = fmt.Sprintf("%s, %s %s", e.storage, e.name(), e.version)
	}
	if slices.Contains(costlyStorage, e.storage) {
		f.State = Warn
		f.Remedy = `set "storage-driver": "overlay2" in /etc/docker/daemon.json, with the engine's folder on ext4 or xfs, and restart the engine`
		if e.podman {
			f.Remedy = `set driver = "overlay" in /etc/containers/storage.conf, with the folder of images on ext4 or xfs`
		}
	}
	return f
}
