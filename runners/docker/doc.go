// Package docker runs a native workload in containers of the Docker engine of
// this machine, through the engine's API.
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
// Prepare makes an archive of the workload's static executable in memory (one
// layer over nothing, docker archive and OCI layout at once) and loads it.
// ImageLoad and not a pull, because no registry may be at hand. A file in the
// layer is made of the Prepare folder's path, so that neither the layer nor
// the image of an earlier Prepare is found in the store. ImageLoad reports
// failures inside its stream: the stream is searched for them and the image is
// inspected afterwards.
//
// # What is timed where
//
// Prepare marks `read` when the archive is in memory and `import` when the
// engine has it. Load asks the engine whether the image is there and marks
// `load`.
//
// Instantiate marks `create` when ContainerCreate has returned and `connect`
// when the workload has connected to a unix socket, on which it then serves
// frames. The runner listens on it beforehand, in a folder of its own that is
// bind-mounted at /harness. A socket because attaching to stdin and stdout
// measures the engine's plumbing, and a published port its proxy.
// ContainerStart is not waited for: the engine writes its state to disk
// before it answers, and by then the workload has been connected for 3 to
// 7 ms. A client need not wait for that, so the clock does not. The call's
// outcome is awaited before the container is paused, inspected or removed.
// `entry` is found out after the clock has stopped, from the workload's own
// CLOCK_MONOTONIC; under gVisor that is not the host's clock and there is no
// such phase.
//
// The pooled rung is a container that has connected, has answered a ping and
// is paused. Resume asks the engine to unpause it and at the same time pings
// it, since the answer comes some 7 ms before ContainerUnpause returns; the
// ping's own share is some 50 µs. There is no boot rung: the engine is the
// user's and is not started anew.
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
