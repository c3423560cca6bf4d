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

// engine is what a container engine tells of itself; empty where none answered.
type engine struct {
	version, storage string
}

// askEngine asks the engine at a unix socket by Docker's API, of which every
// version has /info. One that does not answer while the context lasts is an empty
// engine.
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

// costlyStorage are drivers that copy whole layers for each container, or go
// through a file or a process of their own.
var costlyStorage = []string{"vfs", "devicemapper", "fuse-overlayfs", "native"}

// checkStorage judges how the engine keeps images.
func checkStorage(e engine) Finding {
	f := Finding{Name: "storage_driver", State: OK, Value: e.storage,
		Meaning: "how the engine lays out a container's files is a part of each of its cold starts and of what an image takes on disk"}
	if e.storage == "" {
		f.State = Unknown
		return f
	}
	if e.version != "" {
		f.Value = fmt.Sprintf("%s, engine %s", e.storage, e.version)
	}
	if slices.Contains(costlyStorage, e.storage) {
		f.State = Warn
		f.Mend = `set "storage-driver": "overlay2" in /etc/docker/daemon.json, with the engine's folder on ext4 or xfs, and start it anew`
	}
	return f
}
