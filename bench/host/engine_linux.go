package host

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
)

// engine is what a container engine reports about itself; empty if none answered.
type engine struct {
	version, storage string
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
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://engine/info", nil)
	if err != nil {
		return engine{}
	}
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return engine{}
	}
	defer response.Body.Close()
	text, err := io.ReadAll(io.LimitReader(response.Body, maxText))
	if err != nil || response.StatusCode != http.StatusOK {
		return engine{}
	}
	return parseEngine(text)
}

// parseEngine reads the answer to /info.
func parseEngine(text []byte) engine {
	var info struct{ ServerVersion, Driver string }
	if json.Unmarshal(text, &info) != nil {
		return engine{}
	}
	return engine{clean(info.ServerVersion), clean(info.Driver)}
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
		f.Value = fmt.Sprintf("%s, engine %s", e.storage, e.version)
	}
	if slices.Contains(costlyStorage, e.storage) {
		f.State = Warn
		f.Remedy = `set "storage-driver": "overlay2" in /etc/docker/daemon.json, with the engine's folder on ext4 or xfs, and restart the engine`
	}
	return f
}
