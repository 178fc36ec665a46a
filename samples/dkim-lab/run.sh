#!/bin/sh
# The long run of the DKIM lab. Usage: samples/dkim-lab/run.sh [mails] [seed]
set -eu
cd "$(dirname "$0")/../.."
ENGINE_DKIM_LAB_MAILS="${1:-100000}"
ENGINE_DKIM_LAB_SEED="${2:-1}"
export ENGINE_DKIM_LAB_MAILS ENGINE_DKIM_LAB_SEED
exec dotnet test Engine.Tests -c Release \
  --filter 'FullyQualifiedName~Engine.Tests.Peers.DkimPeersTests' \
  --logger 'console;verbosity=detailed'
