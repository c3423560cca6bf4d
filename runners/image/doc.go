// Package image reads and writes container images in one file.
//
// # What is read
//
// A docker archive: a tar as `docker save` writes it, of manifest.json, a
// configuration and layers, by any names. Or an OCI layout in a tar (index.json
// and blobs), of which the image for this machine is taken. The file holds one
// image. Layers are tars or gzipped tars; the archive itself is not compressed.
//
// The author of the file is not trusted. Every count and size has a bound
// (bounds), names that lead out of the image are refused, and unpacking resolves
// symbolic links inside the new root file system, as the programs in it will. A
// fault in the file is an ErrMalformed, a bound that it exceeds an ErrTooLarge.
//
// # What is written
//
// A docker archive, whose bytes depend only on what it is made of: all times are
// the epoch and all entries belong to root. Layers that were read are passed on
// as they are stored.
//
// # What is our own
//
// Types, digests, manifests, composition, decompression and writing are
// github.com/google/go-containerregistry's. Our own code does what it does not:
//   - It reads no OCI layout from a tar, only from a folder.
//   - Its tarball.Image reads manifests and configurations without a bound, fills
//     the holes of sparse entries, scans the archive anew for each part, takes all
//     layers to be compressed if the first one is, and compresses plain ones when
//     they are passed on. Here an index with bounds is made once (index), and a
//     layer is a range of the file (storedLayer).
//   - Its mutate drops what it knows no field for in a configuration, such as
//     Healthcheck.StartInterval. A configuration that was read is kept (verbatim).
//   - It has no unpacking into a folder, only a flattened tar (mutate.Extract).
//     Unpack works within an os.Root.
//   - It composes no layer of files in memory (Tree).
package image
