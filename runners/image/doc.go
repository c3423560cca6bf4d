// Package image reads and writes container images in one file.
//
// # What is read
//
// A tar as `docker save` writes it: manifest.json, a configuration and layers,
// by whatever names, also of engines that put an OCI layout beside it; or an
// OCI layout alone (index.json and blobs), of which the image for this machine
// is taken. The file holds one image. Layers are tars or gzipped tars; the
// archive itself is not compressed.
//
// Whoever made the file is not trusted: every count and size has a bound
// (bounds), names that lead out of the image are refused, and unpacking
// resolves symbolic links inside the new root file system, as the programs in
// it will. What is not as it should be is an ErrMalformed, what is beyond a
// bound an ErrTooLarge.
//
// # What is written
//
// A docker archive and an OCI layout in one tar, whose bytes depend on what it
// is made of and on nothing else: all times are the epoch and all entries
// belong to root. Layers that were read are passed on as they are.
package image
