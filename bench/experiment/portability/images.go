package portability

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"

	"edgebench/bench/experiment"
	"edgebench/results"
	"edgebench/runners"
	"edgebench/runners/image"
	"edgebench/runners/source"
	"edgebench/workloads/build"
)

// Names of the checks of images, beside one for each architecture.
const (
	CheckIndex   = "index"
	CheckForeign = "other-architecture"
)

// Words that these checks answer with.
const (
	// ResultBuilt: the image was built, written, read back and is whole.
	ResultBuilt = "built"
)

// askImages builds the workload for each architecture, makes one index of the images
// from scratch, writes it and reads it back.
func askImages(ctx context.Context, t *experiment.Trial) (r experiment.Result, err error) {
	dir, err := os.MkdirTemp("", "edgebench-")
	if err != nil {
		return r, fmt.Errorf("make a folder for images: %w", err)
	}
	defer os.RemoveAll(dir)
	made, err := buildTwins(ctx, t.Cell.Artefact, dir)
	if err != nil {
		return r, err
	}
	var images []*image.Image
	for _, x := range made {
		if x.image != nil {
			images = append(images, x.image)
		}
	}
	if len(images) == 0 {
		return r, made[0].missing
	}
	layout := filepath.Join(dir, "layout")
	if err := image.WriteIndex(layout, images...); err != nil {
		return r, err
	}
	members, err := image.ReadIndex(layout)
	if err != nil {
		return r, err
	}
	var bytes uint64
	var took time.Duration
	for _, x := range made {
		c := results.Check{Group: string(AskImages), Name: x.arch, Result: ResultAbsent}
		if i := slices.IndexFunc(members, func(m image.Member) bool { return m.Architecture == x.arch }); i >= 0 {
			c.Result = ResultBuilt
			c.Evidence = fmt.Sprintf("%s, %d bytes, built in %.1f s", members[i].Digest, members[i].Size, x.took.Seconds())
			bytes += members[i].Size
			took += x.took
		} else {
			c.Evidence = results.Evidence(x.missing.Error())
		}
		r.Checks = append(r.Checks, c)
	}
	r.Checks = append(r.Checks, results.Check{
		Group: string(AskImages), Name: CheckIndex, Result: ResultBuilt, Expected: ResultBuilt,
		Evidence: fmt.Sprintf("%d images, %d bytes, built in %.1f s; every digest was compared", len(members), bytes, took.Seconds()),
	}, foreignCheck(ctx, made))
	r.Metrics = []results.Metric{indexImages.Of(float64(len(members))), indexSize.Of(float64(bytes)), buildTime.OfDurations(took)}
	return r, nil
}

// twin is an executable for an architecture and its image; missing says why there is
// none.
type twin struct {
	arch, path string
	image      *image.Image
	took       time.Duration
	missing    error
}

// warmUp is the workload that is built before a twin: Go compiles its standard library for
// an architecture once, which would else count as the time of the first build.
const warmUp = "noop"

func buildTwins(ctx context.Context, a results.Artefact, dir string) (all []twin, err error) {
	root, err := source.Root()
	if err != nil {
		return nil, err
	}
	cache, err := source.CacheDir()
	if err != nil {
		return nil, err
	}
	set, err := build.Open(root)
	if err != nil {
		return nil, err
	}
	w, err := set.Find(a.Workload)
	if err != nil {
		return nil, err
	}
	simplest, err := set.Find(warmUp)
	if err != nil {
		return nil, err
	}
	builder := build.NewBuilder(root, cache)
	for _, arch := range Architectures() {
		x := twin{arch: arch}
		folder, before := filepath.Join(dir, arch), filepath.Join(dir, arch+"-before")
		for _, name := range []string{folder, before} {
			if err := os.Mkdir(name, 0o700); err != nil {
				return nil, fmt.Errorf("make a folder for a twin: %w", err)
			}
		}
		_, _ = builder.Twin(ctx, simplest, a.Build, arch, before) // an error comes again below
		began := time.Now()
		x.path, x.missing = builder.Twin(ctx, w, a.Build, arch, folder)
		x.took = time.Since(began)
		if x.missing == nil {
			if x.image, err = scratchImage(arch, x.path); err != nil {
				return nil, err
			}
		} else if !errors.Is(x.missing, runners.ErrUnavailable) {
			return nil, x.missing
		}
		all = append(all, x)
	}
	return all, nil
}

// scratchImage is an image that holds an executable and nothing else.
func scratchImage(arch, path string) (*image.Image, error) {
	executable, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("make an image: %w", err)
	}
	name := filepath.Base(path)
	tree := image.NewTree(len(executable))
	tree.File(name, 0o755, executable)
	layer, err := tree.Layer()
	if err != nil {
		return nil, fmt.Errorf("make an image: %w", err)
	}
	if layer, err = layer.Gzip(registryLevel); err != nil {
		return nil, fmt.Errorf("make an image: %w", err)
	}
	return image.NewFor(arch, v1.Config{Entrypoint: []string{"/" + name}}, layer)
}

// foreignCheck starts an executable of another architecture on this machine, which
// refuses it unless an emulator is registered with the kernel.
func foreignCheck(ctx context.Context, made []twin) results.Check {
	c := results.Check{Group: string(AskImages), Name: CheckForeign, Result: ResultUnasked}
	for _, x := range made {
		if x.arch == runtime.GOARCH || x.path == "" || x.missing != nil {
			continue
		}
		cmd := exec.CommandContext(ctx, x.path) // its stdin is empty: it ends at once
		if err := cmd.Start(); err != nil {
			c.Result, c.Evidence = ResultRefused, results.Evidence("linux/"+x.arch+": "+errors.Unwrap(err).Error())
			return c
		}
		cmd.Wait()
		c.Result, c.Evidence = ResultRuns, "linux/"+x.arch+": the kernel has an emulator for it"
		return c
	}
	return c
}
