#!/usr/bin/env bash
# Runs the cluster simulator over fresh seeds: scripts/simulate.sh --seconds N [--seed S] [--verbose]
# With --seed and no --seconds, runs that one seed. Exits non-zero at the first violation, whose seed it prints.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
require_sdk
cd "$root"
project=tests/Property/KRaftSharp.Tests.Property.csproj
retrying "restore" dotnet restore "$project" || fail "the restore failed"
retrying "build" dotnet build "$project" -c Release --no-restore -v q || fail "the build failed"
exec dotnet tests/Property/bin/Release/net10.0/KRaftSharp.Tests.Property.dll "$@"
