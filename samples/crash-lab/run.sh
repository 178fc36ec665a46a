#!/bin/sh
# The long run of the crash lab. Usage: samples/crash-lab/run.sh [states] [first seed]
set -eu
cd "$(dirname "$0")/../.."
ENGINE_CRASH_LAB_STATES="${1:-100000}"
ENGINE_CRASH_LAB_SEED="${2:-1}"
export ENGINE_CRASH_LAB_STATES ENGINE_CRASH_LAB_SEED
exec dotnet test Engine.Tests -c Release \
  --filter 'FullyQualifiedName~Engine.Tests.Failures.Crash|FullyQualifiedName~QueueKillTests' \
  --logger 'console;verbosity=detailed'
