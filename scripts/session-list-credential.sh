#!/bin/sh
# Lists the local vault: a line "- NAME (TYPE) [SERVICE]" for each credential.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
if command -v opskeep >/dev/null; then
  vault() { opskeep vault "$@"; }
else
  vault() { node "$here/../dist/src/opskeep.cjs" vault "$@"; }
fi

vault list --lines
