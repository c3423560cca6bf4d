package image

import (
	"encoding/json"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"time"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Image is a configuration and layers that are to be written.
type Image struct {
	config []byte
	layers []Layer
}

// New makes an image for this machine's architecture of layers, from the lowest
// to the uppermost.
func New(c ocispec.ImageConfig, layers ...Layer) (*Image, error) {
	began := time.Unix(0, 0).UTC()
	config, err := json.Marshal(ocispec.Image{
		Created:  &began,
		Platform: ocispec.Platform{Architecture: runtime.GOARCH, OS: "linux"},
		Config:   c,
		RootFS:   ocispec.RootFS{Type: "layers", DiffIDs: ids(layers)},
	})
	if err != nil {
		return nil, fmt.Errorf("compose the image's configuration: %w", err)
	}
	return &Image{config, layers}, nil
}

func ids(layers []Layer) []digest.Digest {
	all := make([]digest.Digest, len(layers))
	for i, l := range layers {
		all[i] = l.id
	}
	return all
}

// Upon gives the same image with one more layer below all of its own, and with
// labels added. An engine knows a layer by those below it too: none of them is
// then one that it has. The archive must stay open while the image is used.
func (a *Archive) Upon(bottom Layer, labels map[string]string) (*Image, error) {
	m := &Image{layers: slices.Insert(slices.Clone(a.layers), 0, bottom)}
	document := object{}
	err := decode("the configuration", a.text, &document)
	if err == nil {
		err = document.label(labels)
	}
	if err == nil {
		err = document.lengthenHistory()
	}
	if err == nil {
		err = document.set("rootfs", ocispec.RootFS{Type: "layers", DiffIDs: ids(m.layers)})
	}
	if err == nil {
		m.config, err = json.Marshal(document)
	}
	if err != nil {
		return nil, fmt.Errorf("change the image's configuration: %w", err)
	}
	return m, nil
}

// object is a JSON object of which most is none of our business.
type object map[string]json.RawMessage

func (o object) set(key string, v any) error {
	text, err := json.Marshal(v)
	o[key] = text
	return err
}

// get decodes a field that may be missing.
func (o object) get(key string, v any) error {
	if text, ok := o[key]; ok {
		return decode("its "+key, text, v)
	}
	return nil
}

func (o object) label(labels map[string]string) error {
	var config object
	var all map[string]string
	if err := o.get("config", &config); err != nil {
		return err
	}
	if config == nil {
		config = object{}
	}
	if err := config.get("Labels", &all); err != nil {
		return err
	}
	if all == nil {
		all = map[string]string{}
	}
	maps.Copy(all, labels)
	if err := config.set("Labels", all); err != nil {
		return err
	}
	return o.set("config", config)
}

// lengthenHistory says where the lowest layer is from, if it is said of the
// others.
func (o object) lengthenHistory() error {
	var history []json.RawMessage
	if err := o.get("history", &history); err != nil || len(history) == 0 {
		return err
	}
	first, err := json.Marshal(ocispec.History{CreatedBy: "edgebench"})
	if err != nil {
		return err
	}
	return o.set("history", slices.Insert(history, 0, first))
}
