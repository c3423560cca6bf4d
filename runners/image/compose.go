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
	"github.com/google/go-containerregistry/pkg/v1/types"
)

// Image is an image that is to be written.
type Image struct{ v1.Image }

// creator is what the history says of our layers.
var creator = v1.History{CreatedBy: "edgebench", Created: epoch}

var epoch = v1.Time{Time: time.Unix(0, 0).UTC()}

// New makes an image for this machine's architecture of layers, from the lowest
// to the uppermost.
func New(c v1.Config, layers ...Layer) (*Image, error) {
	made, err := mutate.ConfigFile(empty.Image, &v1.ConfigFile{
		Created:      epoch,
		Architecture: runtime.GOARCH, OS: "linux",
		Config: c,
		RootFS: v1.RootFS{Type: "layers", DiffIDs: []v1.Hash{}},
	})
	if err != nil {
		return nil, fmt.Errorf("compose the image: %w", err)
	}
	var all []mutate.Addendum
	for _, l := range layers {
		all = append(all, mutate.Addendum{Layer: l, History: creator})
	}
	if made, err = mutate.Append(made, all...); err != nil {
		return nil, fmt.Errorf("compose the image: %w", err)
	}
	return &Image{made}, nil
}

// Upon gives the same image with one more layer below all of its own, and with
// labels added. An engine identifies a layer by those below it too, so it has
// none of these layers yet. The archive must stay open while the image is used.
// A layer is read if the archive does not say the digest of its stored bytes.
func (a *Archive) Upon(bottom Layer, labels map[string]string) (*Image, error) {
	layers := slices.Insert(slices.Clone(a.layers), 0, bottom)
	config, err := a.changed(layers, labels)
	if err != nil {
		return nil, fmt.Errorf("change the image's configuration: %w", err)
	}
	made, err := newVerbatim(config, layers)
	if err != nil {
		return nil, fmt.Errorf("compose the image: %w", err)
	}
	return &Image{made}, nil
}

// changed gives the configuration for other layers and with labels added. What
// the library has no field for (such as Healthcheck.StartInterval) stays.
func (a *Archive) changed(layers []Layer, labels map[string]string) ([]byte, error) {
	var document map[string]any
	d := json.NewDecoder(bytes.NewReader(a.text))
	d.UseNumber()
	if err := d.Decode(&document); err != nil {
		return nil, malformed(err)
	}
	root := v1.RootFS{Type: "layers"}
	for _, l := range layers {
		id, err := l.DiffID()
		if err != nil {
			return nil, err
		}
		root.DiffIDs = append(root.DiffIDs, id)
	}
	document["rootfs"] = root
	// The history has an entry for each layer, if there is one.
	if history, ok := document["history"].([]any); ok && len(history) > 0 {
		document["history"] = slices.Insert(history, 0, any(creator))
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
// writes only fields that it knows. It implements partial.CompressedImageCore.
type verbatim struct {
	config, manifest []byte
	layers           map[v1.Hash]Layer
}

func newVerbatim(config []byte, layers []Layer) (v1.Image, error) {
	id, size, err := v1.SHA256(bytes.NewReader(config))
	if err != nil {
		return nil, err
	}
	m := v1.Manifest{
		SchemaVersion: 2, MediaType: types.DockerManifestSchema2,
		Config: v1.Descriptor{MediaType: types.DockerConfigJSON, Digest: id, Size: size},
	}
	i := &verbatim{config: config, layers: map[v1.Hash]Layer{}}
	for _, l := range layers {
		d, err := partial.Descriptor(l)
		if err != nil {
			return nil, err
		}
		m.Layers = append(m.Layers, *d)
		if _, ok := i.layers[d.Digest]; !ok { // the one whose size is counted
			i.layers[d.Digest] = l
		}
	}
	if i.manifest, err = json.Marshal(m); err != nil {
		return nil, err
	}
	return partial.CompressedToImage(i)
}

func (i *verbatim) MediaType() (types.MediaType, error) { return types.DockerManifestSchema2, nil }

func (i *verbatim) RawConfigFile() ([]byte, error) { return i.config, nil }

func (i *verbatim) RawManifest() ([]byte, error) { return i.manifest, nil }

func (i *verbatim) LayerByDigest(h v1.Hash) (partial.CompressedLayer, error) {
	if l, ok := i.layers[h]; ok {
		return l, nil
	}
	return nil, fmt.Errorf("the image has no layer %s", h)
}
