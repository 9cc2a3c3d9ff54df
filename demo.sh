#!/usr/bin/env bash
# Builds AgentCanary and shows a whole rollout on this machine. Options are passed on: ./demo.sh --scenario regression
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
project="$here/src/AgentCanary.Cli/AgentCanary.Cli.csproj"
out="$here/artifacts/demo"

need="The demo needs the .NET 10 SDK: https://dotnet.microsoft.com/download/dotnet/10.0"
dotnet="$(command -v dotnet || true)"
if [ -z "$dotnet" ] && [ -x "${DOTNET_ROOT:-${HOME:-}/.dotnet}/dotnet" ]; then dotnet="${DOTNET_ROOT:-${HOME:-}/.dotnet}/dotnet"; fi
if [ -z "$dotnet" ]; then
  echo "$need (there is no 'dotnet' on the PATH)." >&2
  exit 1
fi
# Without a home directory of its own (a container, say) the SDK asks for a place.
if [ -z "${DOTNET_CLI_HOME:-}" ] && [ ! -w "${HOME:-}" ]; then
  export DOTNET_CLI_HOME="${TMPDIR:-/tmp}/agentcanary-home"
  mkdir -p "$DOTNET_CLI_HOME"
  export HOME="$DOTNET_CLI_HOME"
fi
if ! (cd "$here" && "$dotnet" --version) >/dev/null 2>&1; then
  echo "$need. Installed here: $("$dotnet" --list-sdks 2>/dev/null | paste -sd ' ' -)" >&2
  exit 1
fi

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
log="$(mktemp)"
trap 'rm -f "$log"' EXIT

# Progress goes to standard error, so that --json leaves standard output to the document.
step() {
  local what="$1" began=$SECONDS
  shift
  printf '%s ... ' "$what" >&2
  if ! (cd "$here" && "$@") >"$log" 2>&1; then
    echo "failed" >&2
    cat "$log" >&2
    exit 1
  fi
  echo "done in $((SECONDS - began)) s" >&2
}

step "Restoring packages" "$dotnet" restore "$project" --verbosity quiet
step "Building" "$dotnet" publish "$project" --no-restore --configuration Release --output "$out" --verbosity quiet

status=0
"$dotnet" "$out/AgentCanary.Cli.dll" demo "$@" || status=$?
exit "$status"
