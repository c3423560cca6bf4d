package image

import (
	"bytes"
	"encoding/json"
	"fmt"
	"runtime"
	"slices"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/partial"
)

// Image is an image that is to be written.
type Image struct{ v1.Image }

// New makes an image for this machine's architecture of layers, from the lowest
// to the uppermost.
func New(c v1.Config, layers ...Layer) (*Image, error) { return NewFor(runtime.GOARCH, c, layers...) }

// NewFor is New for an architecture, by Go's name.
func NewFor(arch string, c v1.Config, layers ...Layer) (*Image, error) {
	made, config, err := stack(layers)
	if err != nil {
		return nil, err
	}
	config.Created = v1.Time{Time: time.Unix(0, 0).UTC()}
	config.Architecture, config.OS = arch, "linux"
	config.Config, config.History = c, nil
	if made, err = mutate.ConfigFile(made, config); err != nil {
		return nil, fmt.Errorf("compose the image: %w", err)
	}
	return &Image{made}, nil
}

// stack makes an image of layers alone.
func stack(layers []Layer) (v1.Image, *v1.ConfigFile, error) {
	all := make([]v1.Layer, len(layers))
	for i, l := range layers {
		all[i] = l
	}
	made, err := mutate.AppendLayers(empty.Image, all...)
	if err != nil {
		return nil, nil, fmt.Errorf("compose the layers: %w", err)
	}
	config, err := made.ConfigFile()
	if err != nil {
		return nil, nil, fmt.Errorf("compose the layers: %w", err)
	}
	return made, config, nil
}

// Upon gives the same image with one more layer below all of its own, and with
// labels added. An engine identifies a layer by those below it too, so it has
// none of these layers yet. The archive must stay open while the image is used.
// A layer is read if the archive does not say the digest of its stored bytes. Where
// the image has as many layers as an engine takes, the lowest one gets the files
// instead.
func (a *Archive) Upon(bottom Layer, labels map[string]string) (*Image, error) {
	layers := slices.Insert(slices.Clone(a.layers), 0, bottom)
	if len(layers) > MostLayers {
		joined, err := join(bottom, a.layers[0])
		if err != nil {
			return nil, fmt.Errorf("add files to the lowest layer: %w", err)
		}
		layers = slices.Replace(layers, 0, 2, joined)
	}
	made, stacked, err := stack(layers)
	if err != nil {
		return nil, err
	}
	config, err := a.changed(stacked.RootFS, labels, len(layers) > len(a.layers))
	if err != nil {
		return nil, fmt.Errorf("change the image's configuration: %w", err)
	}
	return &Image{&verbatim{made, config}}, nil
}

// changed gives the configuration for other layers, of which there may be one more, and
// with labels added. What the library has no field for (such as
// Healthcheck.StartInterval) stays.
func (a *Archive) changed(root v1.RootFS, labels map[string]string, more bool) ([]byte, error) {
	var document map[string]any
	d := json.NewDecoder(bytes.NewReader(a.text))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		return nil, malformed(err)
	}
	document["rootfs"] = root
	// The history has an entry for each layer, if there is a history.
	if history, ok := document["history"].([]any); ok && len(history) > 0 && more {
		document["history"] = slices.Insert(history, 0, any(map[string]string{"created_by": "edgebench"}))
	}
	all := object(object(document, "config"), "Labels")
	for name, value := range labels {
		all[name] = value
	}
	return json.Marshal(document)
}

// object gives an object in another, and adds it if it is missing.
func object(in map[string]any, key string) map[string]any {
	found, ok := in[key].(map[string]any)
	if !ok {
		found = map[string]any{}
		in[key] = found
	}
	return found
}

// verbatim is an image whose configuration is written as it is given; mutate
// writes only fields that it knows.
type verbatim struct {
	v1.Image // of the same layers
	config   []byte
}

func (i *verbatim) RawConfigFile() ([]byte, error) { return i.config, nil }

func (i *verbatim) ConfigFile() (*v1.ConfigFile, error) { return partial.ConfigFile(i) }

func (i *verbatim) ConfigName() (v1.Hash, error) { return partial.ConfigName(i) }

func (i *verbatim) Manifest() (*v1.Manifest, error) {
	m, err := i.Image.Manifest()
	if err != nil {
		return nil, err
	}
	m.Config.Size = int64(len(i.config))
	m.Config.Digest, err = i.ConfigName()
	return m, err
}

func (i *verbatim) RawManifest() ([]byte, error) { return partial.RawManifest(i) }

func (i *verbatim) Digest() (v1.Hash, error) { return partial.Digest(i) }

func (i *verbatim) Size() (int64, error) { return partial.Size(i) }
