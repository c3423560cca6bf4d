// Package image reads and writes container images in one file.
//
// # What is read
//
// The package reads a docker archive: a tar as `docker save` writes it, with
// manifest.json, a configuration and layers, by any names. It also reads an OCI
// layout in a tar (index.json and blobs), and selects the image for this machine.
// The file holds one image. Layers are tars or gzipped tars; the archive itself is
// not compressed.
//
// The author of the file is not trusted. Every count and size has a bound
// (bounds). Names that lead out of the image are refused. Unpacking resolves
// symbolic links inside the new root file system, as the programs in it will. An
// invalid file is an ErrMalformed, an exceeded bound is an ErrTooLarge.
//
// # What is written
//
// The package writes a docker archive. Its bytes depend only on its content: all
// times are the epoch and all entries belong to root. Layers that were read are
// copied as they are stored.
//
// # Why not the library alone
//
// github.com/google/go-containerregistry supplies types, digests, manifests,
// composition, decompression and writing. This package replaces some of its parts:
//   - It reads an OCI layout only from a folder, not from a tar.
//   - Its tarball.Image reads manifests and configurations without a bound, fills
//     the holes of sparse entries, scans the archive anew for each part, takes all
//     layers to be compressed if the first one is, and compresses plain ones when
//     they are passed on. Here an index with bounds is made once (index), and a
//     layer is a range of the file (storedLayer).
//   - Its mutate drops fields of a configuration that it does not know, such as
//     Healthcheck.StartInterval. Here a configuration that was read is kept
//     (verbatim).
//   - It cannot unpack into a folder, only into a flattened tar (mutate.Extract).
//     Unpack works within an os.Root.
//   - It cannot compose a layer from files in memory (Tree).
package image
