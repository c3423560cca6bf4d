package image

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path"
)

// overlay unpacks a layer into a folder of its own and lays it over what is there, by
// the rules of the kernel's overlay: a folder over a folder shows both, unless it is
// opaque; anything else hides what is below it. So a symbolic link of a lower layer is
// never followed.
func (u *unpacker) overlay(ctx context.Context, l Layer) (err error) {
	staging := ".edgebench-" + rand.Text() // a name that no image has
	if err := u.below.Mkdir(staging, 0o700); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, u.below.RemoveAll(staging)) }()
	layer, err := u.below.OpenRoot(staging)
	if err != nil {
		return err
	}
	defer layer.Close()
	u.root = layer
	defer func() { u.root = u.below }()
	if err := u.fill(ctx, l); err != nil {
		return err
	}
	return u.merge(ctx, staging, ".")
}

// merge lays a folder of the layer over the folder of the same name below.
func (u *unpacker) merge(ctx context.Context, staging, folder string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if u.opaque[folder] {
		if err := u.empty(folder, staging); err != nil {
			return err
		}
	}
	for _, hidden := range u.hidden[folder] {
		if err := u.hide(path.Join(folder, hidden)); err != nil {
			return err
		}
	}
	entries, err := fs.ReadDir(u.root.FS(), folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		lower, err := u.below.Lstat(name)
		if err == nil && lower.IsDir() && e.IsDir() {
			if err := u.merge(ctx, staging, name); err != nil {
				return err
			}
			continue
		}
		if err == nil {
			err = u.below.RemoveAll(name)
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := u.below.Rename(path.Join(staging, name), name); err != nil {
			return fmt.Errorf("lay %q over the layers below: %w", clip(name), err)
		}
	}
	return nil
}

// hide removes what a whiteout hides. A file that the layer itself has is not hidden by
// its own whiteout, and takes the place of what is below it anyway.
func (u *unpacker) hide(name string) error {
	if _, err := u.root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return u.below.RemoveAll(name)
}

// empty removes what a folder below has, but for the layer that is being unpacked.
func (u *unpacker) empty(folder, staging string) error {
	entries, err := fs.ReadDir(u.below.FS(), folder)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if folder == "." && e.Name() == staging {
			continue
		}
		if err := u.below.RemoveAll(path.Join(folder, e.Name())); err != nil {
			return err
		}
	}
	return nil
}
