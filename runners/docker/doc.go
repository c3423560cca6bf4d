// Package docker runs native workloads and container images in containers of
// the Docker engine of this machine, through the engine's API.
//
// # Modes
//
// A mode is `<runtime>-<network>`, such as `runc-bridge`: every OCI runtime
// that the engine lists (names of the same runtime collapse into one) with the
// networks none, host and bridge. What people run by default, the engine's
// default runtime on the bridge, is the default mode. gVisor (runsc) has the
// network none alone, since it brings a network stack of its own, and must be
// registered with --host-uds=all and --network=none, or it does not let a
// workload connect to a socket of the host.
//
// Apart from network, runtime and memory limit a container has the engine's
// own defaults: default seccomp profile and capabilities, a writable overlay,
// the default log driver, no init, nothing attached. AutoRemove is set, so
// that a container whose workload ends goes away by itself.
//
// # The image
//
// Prepare loads an archive (package image) into the engine: for a native
// workload one layer over nothing with the static executable and its files, for
// an image that image upon one more layer. In the lowest layer there is a file
// made of the Prepare folder's path. An engine knows a layer by its content and
// by all that lies below it, so that neither a layer nor the image of an earlier
// Prepare is found in the store. ImageLoad and not a pull, because no registry
// may be at hand. It reports failures inside its stream: the stream is searched
// for them and the image is inspected afterwards.
//
// # What a workload speaks
//
// One that serves frames, native or image, is started by its own command
// (ENTRYPOINT and CMD) with the path of a unix socket as one more argument. The
// runner listens on it, in a folder of its own that is bind-mounted at /harness.
// A socket because attaching to stdin and stdout measures the engine's plumbing,
// and a published port its proxy.
//
// A command (stdio) is attached to before it is started, since there is no other
// way to its stdin. It answers once, with exit code 0: a second Call is
// ErrClosed, Park is refused, and so such a workload has the rungs deploy and
// cold alone. Call ends when the engine has told of the exit code, which comes a
// while after the response's last byte.
//
// A server (HTTP) is reached at its container's address on the network bridge,
// and at this machine's own in the network host, where one instance at a time
// can have the port. Without a network it is refused.
//
// # What is timed where
//
// Prepare marks `read` when the archive is composed and `import` when the
// engine has it. Load asks the engine whether the image is there and marks
// `load`.
//
// Instantiate marks `create` when ContainerCreate has returned (and the attach of
// a command), and `connect` when there is a connection: to the socket from the
// workload that then serves frames on it, or to a server from us, who try every
// 100 µs. ContainerStart is not waited for: the engine writes its state to disk
// before it answers, and by then the workload has been connected for 3 to
// 7 ms. A client need not wait for that, so the clock does not. Only of a server
// on the bridge the address is not known before; that marks `start`. The call's
// outcome is awaited before the container is paused, inspected or removed.
// `entry` is found out after the clock has stopped, from the CLOCK_MONOTONIC of
// what serves frames; under gVisor that is not the host's clock and there is no
// such phase. Instantiate of a command has nothing to wait for.
//
// The pooled rung is a container that has connected, has answered a ping and
// is paused. Resume asks the engine to unpause it and at the same time pings
// it, since the answer comes some 7 ms before ContainerUnpause returns; the
// ping's own share is some 50 µs. A server can't be pinged: its container is
// paused when it has been connected to, and the first request is sent while it
// is being unpaused. There is no boot rung: the engine is the user's and is not
// started anew.
//
// # Watching and ending
//
// Each Runtime follows the engine's events for the death of its containers: an
// open request for all of them, where ContainerWait would be one for each, on
// which the engine spends time while it starts a container. When a workload
// ends before it has connected, it is started once more to see what it prints,
// because AutoRemove takes the log away with the container.
//
// Close removes a container by force and waits until it is gone. What outlives
// a crash of the harness bears the label edgebench.scope, by which Sweep
// removes containers and images. Nothing without that label is touched.
//
// # The client
//
// github.com/docker/docker/client is the last release line of the engine's
// client under that path; its successor is github.com/moby/moby/client, which
// is why nothing of it leaves this package. DOCKER_HOST and DOCKER_API_VERSION
// are honoured, contexts of the docker command are not. The engine has to be
// on this machine: a bind-mounted socket does not reach any other.
package docker
