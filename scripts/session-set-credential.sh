#!/bin/sh
# Stores a value in the local vault: NAME VALUE [TYPE] [SERVICE].
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if command -v opskeep >/dev/null; then
  vault() { opskeep vault "$@"; }
else
  vault() { node "$here/../dist/src/opskeep.cjs" vault "$@"; }
fi

if [ $# -lt 2 ] || [ $# -gt 4 ]; then
  echo "Usage: $0 NAME VALUE [TYPE] [SERVICE]" >&2
  exit 2
fi
echo 'Other processes of this machine can read VALUE on the command line: opskeep vault set NAME reads it from a prompt.' >&2
name=$1 value=$2 type=${3:-api_key} service=${4:-}
set -- --type "$type"
[ -z "$service" ] || set -- "$@" --service "$service"
printf '%s' "$value" | vault set "$@" -- "$name"
