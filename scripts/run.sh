#!/bin/sh
# From a fresh checkout to a running Tobit; the last line printed is the address to open. Ctrl-C stops everything.
cd "$(dirname "$0")/.."
. scripts/lib.sh
sh scripts/bootstrap.sh --rust
guard
beside sh scripts/build.sh --only server
sh scripts/bootstrap.sh
sh scripts/build.sh --only ui
joined
exec "$(profile_dir dev)/tobit" serve "$@"
