#!/bin/sh
# Compresses what a release serves, once, as well as it goes. The server sends the compressed file as it is.
[ "$TRUNK_PROFILE" = release ] || exit 0
exec node "$(dirname "$0")/precompress.mjs" "$TRUNK_STAGING_DIR"
