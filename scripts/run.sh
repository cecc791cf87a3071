#!/bin/sh
# From a fresh checkout to a running Tobit; the last line printed is the address to open. Ctrl-C stops everything.
cd "$(dirname "$0")/.."
. scripts/lib.sh
sh scripts/bootstrap.sh
sh scripts/build.sh
exec "$(profile_dir dev)/tobit" serve "$@"
