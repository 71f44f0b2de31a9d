#!/bin/sh
# Prints a credential of the server, as JSON: ID [URL], with the token in CREDENTIALS_MANAGER_TOKEN.
set -eu
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "Usage: $0 ID [URL]" >&2
  exit 2
fi
case $1 in
  *[!0-9a-fA-F-]*) echo 'ID is the id of a credential.' >&2; exit 2 ;;
esac
token=${CREDENTIALS_MANAGER_TOKEN:-${OPSKEEP_TOKEN:-}}
if [ -z "$token" ]; then
  echo 'CREDENTIALS_MANAGER_TOKEN environment variable not set' >&2
  exit 1
fi
case $token in
  *[!A-Za-z0-9._-]*) echo 'CREDENTIALS_MANAGER_TOKEN holds no token.' >&2; exit 1 ;;
esac
url=${2:-${OPSKEEP_URL:-http://localhost:8000}}
# The token goes through the standard input: on the command line others could read it.
answer=$(printf 'header = "authorization: Bearer %s"\n' "$token" |
  curl --silent --show-error --config - --write-out '\n%{http_code}' "${url%/}/api/credentials/$1") || exit 4
status=$(printf '%s' "$answer" | tail -n 1)
body=$(printf '%s' "$answer" | sed '$d')
case $status in
  200) printf '%s\n' "$body" ;;
  404) printf '%s\n' "$body" >&2; exit 3 ;;
  *) printf '%s\n' "$body" >&2; exit 1 ;;
esac
