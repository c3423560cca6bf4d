package image

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/v1/types"

	"edgebench/runners"
)

// archiveOf makes an archive of names and contents; a content that begins with
// "-> " is a symbolic link.
func archiveOf(t testing.TB, pairs ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		h := tar.Header{Typeflag: tar.TypeReg, Name: pairs[i], Mode: 0o644, Size: int64(len(pairs[i+1]))}
		target, isLink := strings.CutPrefix(pairs[i+1], "-> ")
		if isLink {
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, target, 0
		}
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if !isLink {
			io.WriteString(w, pairs[i+1])
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// layerText is the tar of a layer, and configOf a configuration for such ones.
func layerText(t testing.TB) string {
	return bufferOf(mustRead(t, mustLayer(t, "a"))).String()
}

func configOf(layers ...string) string {
	ids := make([]string, len(layers))
	for i, l := range layers {
		ids[i] = `"` + digestOf([]byte(l)).String() + `"`
	}
	return fmt.Sprintf(`{"os":"linux","architecture":%q,"rootfs":{"type":"layers","diff_ids":[%s]}}`, runtime.GOARCH, strings.Join(ids, ","))
}

// TestOlderDocker reads what engines before 25 write: folders named after
// layers, and links where a layer comes again.
func TestOlderDocker(t *testing.T) {
	l := layerText(t)
	a := mustOpen(t, archiveOf(t,
		"1/VERSION", "1.0", "1/json", "{}", "1/layer.tar", l, "2/layer.tar", "-> ../1/layer.tar",
		"c.json", configOf(l, l), "manifest.json", `[{"Config":"c.json","RepoTags":null,"Layers":["1/layer.tar","2/layer.tar"]}]`,
		"repositories", "{}"))
	if len(a.Layers()) != 2 || unpacked(t, a)["a"] != "content of a" {
		t.Errorf("%+v", a)
	}
}

// TestPlatforms chooses this machine's image from an index in an index, beside
// what builders say of it.
func TestPlatforms(t *testing.T) {
	l := layerText(t)
	c := configOf(l)
	describe := func(mediaType types.MediaType, text, platform string) string {
		return fmt.Sprintf(`{"mediaType":%q,"digest":%q,"size":%d%s}`, mediaType, digestOf([]byte(text)), len(text), platform)
	}
	named := func(text string) string { return blobs + digestOf([]byte(text)).Hex }
	manifest := fmt.Sprintf(`{"config":%s,"layers":[%s]}`, describe("", c, ""), describe("", l, ""))
	inner := fmt.Sprintf(`{"manifests":[%s,%s,%s]}`,
		describe(types.OCIManifestSchema1, "x", `,"platform":{"os":"linux","architecture":"pdp11"}`),
		describe(types.OCIManifestSchema1, manifest, `,"platform":{"os":"linux","architecture":"`+runtime.GOARCH+`"}`),
		describe(types.OCIManifestSchema1, "y", `,"platform":{"os":"unknown","architecture":"unknown"}`))
	outer := fmt.Sprintf(`{"manifests":[%s]}`, describe(types.OCIImageIndex, inner, ""))
	a := mustOpen(t, archiveOf(t, named(l), l, named(c), c, named(manifest), manifest, named(inner), inner, "index.json", outer))
	if unpacked(t, a)["a"] != "content of a" {
		t.Errorf("%+v", a)
	}
	_, err := openBytes(archiveOf(t, named(inner), inner, "index.json", outer))
	wantMalformed(t, err, "the archive has no")
	_, err = openBytes(archiveOf(t, named(inner), inner+" ", "index.json", outer))
	wantMalformed(t, err, "does not match the digest in its name")
	_, err = openBytes(archiveOf(t, "index.json", `{"manifests":[]}`))
	wantMalformed(t, err, "0 images of 0 for this machine")
	circle := strings.Repeat(describe(types.OCIImageIndex, inner, ""), 1)
	_, err = openBytes(archiveOf(t, "index.json", `{"manifests":[`+circle+`,`+circle+`]}`))
	wantMalformed(t, err, "2 images of 2")
}

func TestRefused(t *testing.T) {
	l := layerText(t)
	good := `[{"Config":"c","Layers":["l"]}]`
	other := "arm64"
	if runtime.GOARCH == other {
		other = "amd64"
	}
	cases := []struct {
		name    string
		archive []byte
		says    string
	}{
		{"nothing", nil, "not an image"},
		{"noise", bytes.Repeat([]byte{0x9e, 0x37}, 1000), "read the archive"},
		{"another tar", archiveOf(t, "a", "b"), "not an image"},
		{"a compressed archive", []byte("\x1f\x8b\x08"), "gunzip"},
		{"truncated", archiveOf(t, "c", configOf(l), "l", l)[:3000], "does not hold"},
		{"a name that leads out", archiveOf(t, "../c", ""), "leads out"},
		{"a link that leads out", archiveOf(t, "c", "-> ../../etc/passwd"), "leads out"},
		{"links in a circle", archiveOf(t, "manifest.json", "-> b", "b", "-> manifest.json"), "not an image"},
		{"a manifest that is no JSON", archiveOf(t, "manifest.json", "{"), `"manifest.json" is invalid`},
		{"two images", archiveOf(t, "manifest.json", `[{},{}]`), "holds 2 images"},
		{"no configuration", archiveOf(t, "manifest.json", good), `the archive has no "c"`},
		{"no layer", archiveOf(t, "manifest.json", good, "c", configOf(l)), `the archive has no "l"`},
		{"a configuration outside", archiveOf(t, "manifest.json", `[{"Config":"/../c"}]`), "leads out"},
		{"too few layers", archiveOf(t, "manifest.json", good, "c", configOf(l, l), "l", l), "the configuration is of 2 layers"},
		{"another architecture", archiveOf(t, "manifest.json", good, "c", strings.Replace(configOf(l), runtime.GOARCH, other, 1), "l", l), "an image for"},
		{"no digest", archiveOf(t, "manifest.json", good, "c", strings.Replace(configOf(l), "sha256:", "md5:", 1), "l", l), "unsupported hash"},
		{"another digest", archiveOf(t, "manifest.json", good, "c", strings.Replace(configOf(l), "sha256:", "sha512:"+strings.Repeat("0", 64), 1), "l", l), "not a digest of SHA-256"},
		{"another compression", archiveOf(t, "manifest.json", good, "c", configOf(l), "l", "\x28\xb5\x2f\xfd"), "its compression is not gzip"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := openBytes(c.archive)
			wantMalformed(t, err, c.says)
		})
	}
}

func TestOpenBounds(t *testing.T) {
	l := layerText(t)
	good := archiveOf(t, "manifest.json", `[{"Config":"c","Layers":["l","l"]}]`, "c", configOf(l, l), "l", l)
	for name, b := range map[string]bounds{
		"entries": {parts: 2, name: 100, text: 4096, layers: 2},
		"name":    {parts: 3, name: 5, text: 4096, layers: 2},
		"text":    {parts: 3, name: 100, text: 20, layers: 2},
		"layers":  {parts: 3, name: 100, text: 4096, layers: 1},
	} {
		_, err := read(io.NewSectionReader(bytes.NewReader(good), 0, int64(len(good))), b)
		if !errors.Is(err, runners.ErrTooLarge) {
			t.Errorf("%s: %v; want ErrTooLarge", name, err)
		}
	}
}
