#!/usr/bin/env bash
# pack.sh [FOLDER]: NuGet packages with symbols of everything in src/ that is a library; into artifacts/packages by default.
# Built deterministically: the same commit gives the same assemblies, wherever it lies.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
out=${1:-artifacts/packages}
mkdir -p "$out"
for project in Protocol Log Quorum Broker Client Client.Hosting Client.MessagePack Testing; do
  dotnet pack "src/$project" -c Release -o "$out" -v q --nologo \
    -p:ContinuousIntegrationBuild=true "-p:PathMap=$PWD/=/_/"
done
ls "$out"
