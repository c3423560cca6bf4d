#!/bin/sh
# build-workloads.sh builds all workloads from their sources.
#
#   scripts/build-workloads.sh [WORKLOAD…]           build; write the committed
#                                                    modules and their pins
#   scripts/build-workloads.sh --check [WORKLOAD…]   build, compare byte for byte
#
# The recipes are Go code (workloads/build/lang_*.go); what they need of Debian is
# installed by scripts/setup-debian.sh. See workloads/build/all for exit codes.
set -eu

cd "$(dirname "$0")/.."
exec go run ./workloads/build/all "$@"
