#!/usr/bin/env bash
# Runs the simulator on fresh seeds: scripts/simulate.sh --seconds N [--seed S] [--runs N]
# [--only quorum|cluster|reassignments|coordinators|consumers]
# Prints seeds, virtual time, events, faults by kind and violations; non-zero when anything was violated.
# --seed S --runs 1 replays one seed; --hashes prints the hash of every run, the same for the same seed;
# --first stops at the first violation and only names it.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"

case ${1:-} in
  -h | --help | '') sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
esac
require_sdk
cd "$root"
retrying "build" dotnet build tests/Property -c Release -v q || fail "the build failed"
exec dotnet tests/Property/bin/Release/net10.0/KRaftSharp.Tests.Property.dll "$@"
