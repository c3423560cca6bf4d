// Package docker runs native workloads and container images in containers of
// the Docker engine of this machine, through the engine's API.
//
// # Modes
//
// A mode is `<runtime>-<network>`, such as `runc-bridge`: every OCI runtime
// that the engine lists (names of the same runtime collapse into one) with the
// networks none, host and bridge. The default mode is the engine's default runtime
// on the bridge. gVisor (runsc) has only the network none, since it has its own
// network stack. It must be registered with --host-uds=all and --network=none, or
// it does not let a workload connect to a socket of the host.
//
// The modes of Podman's service, which answers like an engine, begin with podman-. Only
// those runtimes of its list are modes that are installed. Its default network is bridge,
// as for Docker.
//
// The mode own-runc-bridge is Docker's default in an engine that the run starts itself, to
// measure the first start after that of an engine. dockerd and its containerd have mount,
// process and network namespaces of their own, a configuration of their own and a folder
// of images for each prepared artefact, and end with the agent. Nothing of the machine's
// engine is touched. It has the rungs boot, which includes the start of the engine, and
// cold: the first start of an agent is the engine's first, the others are later ones. It
// is measured only by entries that name it, and serves no HTTP, since nobody outside can
// connect to its network.
//
// Apart from network, runtime and memory limit, a container has the engine's
// own defaults: default seccomp profile and capabilities, a writable overlay,
// the default log driver, no init, nothing attached. AutoRemove is set, so that
// the engine removes a container whose workload ends. An image's health check is
// off, since it would run another process in the container.
//
// Settings that are left out, since few users change them: other log drivers, a
// read-only root, tmpfs mounts, --init, no seccomp profile, another storage driver or
// cgroup driver (those of the engine are recorded), published ports, volumes,
// live-restore, user namespaces, and containerd's lazy pulling of images. bench/METHODS.md
// has a table of what a figure includes.
//
// # The image
//
// Prepare loads an archive (package image) into the engine. For a native workload
// it has one layer, with the static executable and its files. For an image it has
// that image's layers upon one more layer. The lowest layer is cache-busting: it
// has a file made of the Prepare folder's path. An engine identifies a layer by its
// content and by all layers below it, so the store contains neither a layer nor the
// image from an earlier Prepare.
//
// Prepare uses ImageLoad and not a pull, since a registry may be out of reach.
// ImageLoad reports failures inside its stream: the runner searches the stream for
// them and inspects the image afterwards.
//
// # The interfaces
//
// A workload that serves frames, native or image, is started by its own command
// (ENTRYPOINT and CMD) with the path of a unix socket as an additional argument.
// The runner listens on it, in a folder of its own that is bind-mounted at
// /harness. It uses a socket since an attached stdin and stdout would measure the
// engine's stream copying, and a published port would measure its proxy.
//
// A policy (runners.Policy) mounts its folders. A hardened one drops all capabilities,
// forbids new privileges, mounts the root read-only, changes the user, limits processes
// and takes the network away.
//
// A command (stdio) is attached before it is started, since its stdin cannot be
// reached otherwise. It answers once, with exit code 0: a second Call is
// ErrClosed and Park is refused, so it has only the rungs deploy and cold. Call
// ends when the engine has reported the exit code, some time after the response's
// last byte.
//
// A server (HTTP) is reached at its container's address on the network bridge. On
// the network host it is reached at this machine's address, and one instance at a
// time can have the port. Without a network it is refused.
//
// # What is timed where
//
// Prepare marks `read` when the archive is composed and `import` when the
// engine has it. Load asks the engine whether the image is there and marks
// `load`.
//
// Instantiate marks `create` when ContainerCreate has returned (for a command, when
// it is attached too). It marks `connect` when there is a connection: a workload
// that serves frames connects to the socket, or the runner connects to a server,
// which it tries every 100 µs. Instantiate of a command does not wait.
//
// Instantiate does not wait for ContainerStart. The engine writes its state to disk
// before it returns, and by then the workload has been connected for 3 to 7 ms. A
// client need not wait for that. The exception is a server on the bridge, whose
// address is not known before; that marks `start`. The runner waits for the result
// of ContainerStart before the container is paused, inspected or removed.
//
// `entry` is read after the clock has stopped, from the CLOCK_MONOTONIC of a
// workload that serves frames. Under gVisor that is not the host's clock, so there
// is no such phase.
//
// The pooled rung is a container that has connected, has answered a ping and
// is paused. Resume asks the engine to unpause it and pings it at the same time,
// since the answer comes about 7 ms before ContainerUnpause returns; the ping
// itself takes about 50 µs. A server cannot be pinged: its container is paused after
// the connection, and the first request is sent during the unpause. There is no
// boot rung but in own-runc-bridge, since the runner does not restart the user's engine.
//
// # Watching and ending
//
// Each Runtime follows the engine's events for the death of its containers. This
// is one open request for all of them; ContainerWait would need one for each, which
// costs the engine time while it starts a container. When a workload ends before it
// has connected, it is started once more to read its output, since AutoRemove
// deletes the log with the container.
//
// Close removes a container by force and waits until it is removed. All containers
// and images have the label edgebench.scope, by which Sweep finds them after a crash
// of the harness. Sweep does not touch objects without that label.
//
// # The client
//
// github.com/docker/docker/client is the last release line of the engine's
// client under that path. Its successor is github.com/moby/moby/client, so this
// package does not export its types. DOCKER_API_VERSION is honoured, and the engine is
// that of the command docker (package dockerhost). It has to be on this machine, since a
// bind-mounted socket does not reach another one.
package docker
