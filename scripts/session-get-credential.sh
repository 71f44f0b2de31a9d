#!/bin/sh
# Prints a value of the local vault: NAME.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if command -v opskeep >/dev/null; then
  vault() { opskeep vault "$@"; }
else
  vault() { node "$here/../dist/src/opskeep.cjs" vault "$@"; }
fi

if [ $# -ne 1 ]; then
  echo "Usage: $0 NAME" >&2
  exit 2
fi
vault get -- "$1"
