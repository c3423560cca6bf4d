#!/usr/bin/env bash
# dockerd.sh: a Docker engine by hand, for machines on which no service manager
# starts one (containers, minimal virtual machines, CI).
#
#   dockerd.sh start    starts dockerd unless an engine answers already, and
#                       waits until it does. The first word printed is
#                       "started" when this call started it and "running" when
#                       it ran before, so that a caller stops only its own.
#   dockerd.sh stop     stops the engine that "start" started and no other.
#   dockerd.sh status   one line; exit code 0 when an engine answers, else 3.
#
# The engine has the places that every client expects (/var/run/docker.sock,
# /var/lib/docker) and the engine's own defaults. crun and runsc are made known
# to it as further runtimes where they are installed and /etc/docker/daemon.json
# does not name runtimes itself.
#
# It runs in a mount namespace of its own. Thus whatever it mounts vanishes with
# it, and the cgroup v2 hierarchy of a hybrid host can be hidden from it, which
# crun before 1.9 refuses ("cgroups in hybrid mode not supported"). A wrapper
# around crun would do that as well, but its time would be charged to crun.
#
# "stop" gives back the bridge docker0, the firewall's chains and its policy of
# FORWARD, net.ipv4.ip_forward, control groups and /run/docker. It leaves
# /var/lib/docker (images, networks and the bridges that a user made of them),
# the log, empty nftables tables and the kernel modules that the engine loaded.
set -euo pipefail

readonly SOCKET=/var/run/docker.sock
readonly STATE=/run/edgebench-dockerd # what start notes for stop
readonly LOG=/var/log/edgebench-dockerd.log
readonly RULES='DOCKER\|docker0' # what marks a firewall rule as the engine's
readonly WAIT=60 # seconds to start or to stop

fail() {
	echo "dockerd.sh: $*" >&2
	exit 1
}

answers() {
	timeout 10 docker -H "unix://$SOCKET" version --format '{{.Server.Version}}' 2>/dev/null
}

# own prints the process ID of the engine that start started, if it lives.
own() {
	local pid
	pid=$(cat "$STATE/pid" 2>/dev/null) || return 1
	[ "$(cat "/proc/$pid/comm" 2>/dev/null)" = dockerd ] && echo "$pid"
}

# alone waits until no other call starts or stops an engine.
alone() {
	[ "$(id -u)" = 0 ] || fail "this needs root: sudo $0 $1"
	exec 9>"$STATE.lock"
	flock 9
}

need() {
	local tool
	for tool in "$@"; do
		command -v "$tool" >/dev/null || fail "$tool is not installed (scripts/setup-debian.sh installs it)"
	done
}

service_manager() {
	[ -d /run/systemd/system ] && systemctl cat docker.service >/dev/null 2>&1
}

hybrid() { [ -e /sys/fs/cgroup/unified/cgroup.procs ]; }

# runtimes prints the flags for the further runtimes, one word a line.
runtimes() {
	if grep -qs '"runtimes"' /etc/docker/daemon.json; then
		return
	fi
	if command -v crun >/dev/null; then
		printf '%s\n' --add-runtime "crun=$(command -v crun)"
	fi
	if command -v runsc >/dev/null; then
		# A runtime's flags can't be given on dockerd's command line. Without
		# these gVisor refuses to connect to a socket of the host, or to start.
		printf '#!/bin/sh\nexec %s --host-uds=all --network=none "$@"\n' "$(command -v runsc)" >"$STATE/runsc"
		chmod 755 "$STATE/runsc"
		printf '%s\n' --add-runtime "runsc=$STATE/runsc"
	fi
}

# firewall applies a command to each firewall that this machine has.
firewall() {
	local tool
	for tool in iptables ip6tables; do
		if "$tool" -S FORWARD >/dev/null 2>&1; then "$1" "$tool"; fi
	done
}

# note_firewall keeps the policy of FORWARD (as "-P FORWARD ACCEPT") of a
# firewall without rules of an engine. Another's rules are not for us to clear.
note_firewall() {
	if ! "$1-save" 2>/dev/null | grep -q "$RULES"; then
		"$1" -S FORWARD 2>/dev/null | head -n 1 >"$STATE/$1"
	fi
}

restore_firewall() {
	[ -e "$STATE/$1" ] || return 0
	if "$1-save" 2>/dev/null | grep -q "$RULES"; then
		# One transaction: everything but the engine's chains and rules.
		"$1-save" 2>/dev/null | grep -v "$RULES" | "$1-restore"
	fi
	# shellcheck disable=SC2046 # three words
	"$1" $(cat "$STATE/$1")
}

bridge() { ip link show docker0 >/dev/null 2>&1; }

note_host() {
	firewall note_firewall
	cat /proc/sys/net/ipv4/ip_forward >"$STATE/ip_forward"
	if ! bridge; then touch "$STATE/no-bridge"; fi
}

restore_host() {
	firewall restore_firewall
	if [ -e "$STATE/no-bridge" ] && bridge; then ip link delete docker0; fi
	if [ -e "$STATE/ip_forward" ]; then
		cat "$STATE/ip_forward" >/proc/sys/net/ipv4/ip_forward
	fi
	# Groups in use refuse to go.
	rmdir /sys/fs/cgroup/{,*/}docker/* /sys/fs/cgroup/{,*/}docker 2>/dev/null || true
}

# launch becomes the engine, in a mount namespace of its own.
launch() {
	if hybrid; then umount /sys/fs/cgroup/unified; fi
	ulimit -n "$(ulimit -Hn)"
	exec dockerd "$@"
}

already() {
	local version
	version=$(answers) && echo "running: Docker $version answers at $SOCKET already"
}

start() {
	local flags pid
	need docker
	if already; then return; fi
	alone start
	if already; then return; fi # started while this call waited
	if service_manager; then
		systemctl start docker.service
		await_answer || fail "docker.service runs but does not answer at $SOCKET"
		echo "running: Docker $(answers) at $SOCKET, started and stopped by systemd as docker.service"
		return
	fi
	need dockerd containerd runc iptables ip unshare setsid
	if [ -e "$STATE/pid" ]; then clean; fi # a crash left it
	mkdir -p "$STATE"
	note_host
	mapfile -t flags < <(runtimes)
	setsid unshare --mount --propagation slave "$0" launch "${flags[@]}" >>"$LOG" 2>&1 9>&- </dev/null &
	pid=$!
	echo "$pid" >"$STATE/pid"
	if ! await_answer "$pid"; then
		stop >/dev/null
		fail "dockerd did not come to answer, the log $LOG ends: $(tail -n 1 "$LOG")"
	fi
	readlink "/proc/$pid/ns/mnt" >"$STATE/mnt"
	echo "started: Docker $(answers) at $SOCKET, process $pid, log in $LOG"
}

# await_answer waits until the engine answers. It gives up when the time is up
# or the process (where one is named) has gone.
await_answer() {
	local tries
	for ((tries = WAIT * 5; tries > 0; tries--)); do
		if answers >/dev/null; then return; fi
		if [ $# = 1 ] && [ ! -e "/proc/$1" ]; then break; fi
		sleep 0.2
	done
	return 1
}

# survivors prints the processes that share the engine's mount namespace:
# containerd and the shims, when dockerd itself was killed.
survivors() {
	local space process
	space=$(cat "$STATE/mnt" 2>/dev/null) || return 0
	for process in /proc/[0-9]*; do
		if [ "$(readlink "$process/ns/mnt" 2>/dev/null)" = "$space" ]; then
			echo "${process#/proc/}"
		fi
	done
}

# end_container kills the first process of a container, held or not: it has
# namespaces of its own and would outlive its shim.
end_container() {
	local group
	kill -KILL "$1" 2>/dev/null || return 0
	group=$(sed -n 's/^[0-9]*:freezer://p' "/proc/$1/cgroup" 2>/dev/null) || return 0
	if [ -n "$group" ]; then
		echo THAWED >"/sys/fs/cgroup/freezer$group/freezer.state"
	fi
}

# clean ends what a dead engine left running and gives the host back.
clean() {
	local shim child children
	for shim in $(survivors); do
		children=$(cat "/proc/$shim/task"/*/children 2>/dev/null) || true
		for child in $children; do end_container "$child"; done
		kill -KILL "$shim" 2>/dev/null || true
	done
	restore_host
	rm -rf --one-file-system "$SOCKET" /var/run/docker.pid /var/run/docker "$STATE"
}

stop() {
	local pid tries
	if [ ! -e "$STATE/pid" ]; then
		echo "nothing to stop: no engine was started by this script"
		return
	fi
	alone stop
	if pid=$(own); then
		kill -TERM "$pid"
		for ((tries = WAIT * 5; tries > 0; tries--)); do
			[ -e "/proc/$pid" ] || break
			sleep 0.2
		done
		if [ -e "/proc/$pid" ]; then kill -KILL "$pid"; fi
	fi
	clean
	echo "stopped"
}

status() {
	local version pid
	if ! version=$(answers); then
		echo "no engine answers at $SOCKET"
		return 3
	fi
	if pid=$(own); then
		echo "Docker $version answers at $SOCKET, started by this script as process $pid"
	else
		echo "Docker $version answers at $SOCKET"
	fi
}

case "${1-}" in
start | stop) "$1" ;;
status) status ;;
launch) launch "${@:2}" ;; # start calls it in the new namespace
*)
	echo "usage: dockerd.sh start|stop|status" >&2
	exit 2
	;;
esac
