#!/bin/sh
# build.sh [--profile NAME] [--ui dev|release] [--only server|ui]: builds what has changed: the program, and the user
# interface into ${TOBIT_DIST:-dist}.
cd "$(dirname "$0")/.."
. scripts/lib.sh
guard

profile=dev ui=release only= dist=${TOBIT_DIST:-dist}
while [ $# -gt 0 ]; do
    case $1 in
    --profile) profile=$2 ;;
    --ui) ui=$2 ;;
    --only) only=$2 ;;
    *) die "알 수 없는 옵션: $1" "unknown option: $1" ;;
    esac
    shift 2
done

program=$(profile_dir "$profile")/tobit
# The time of the last build, whether or not it changed the program.
stamp=$program${RUSTC_WORKSPACE_WRAPPER:+.linted}.built
if [ "$only" != ui ] && { [ ! -x "$program" ] || newer "$stamp" Cargo.toml Cargo.lock app/src app/Cargo.toml crates server migrations; }; then
    say "서버를 빌드합니다" "building the server"
    begun=$(mktemp)
    # shellcheck disable=SC2086 # the selection is several words
    cargo build --profile "$profile" $SERVER --bin tobit
    mv "$begun" "$stamp"
fi

if [ "$only" != server ] && newer "$dist/.$ui" Cargo.lock Trunk.toml package-lock.json app frontend style public scripts/*.mjs scripts/finish-bundle.sh scripts/precompress.sh crates/model crates/binding; then
    say "화면을 빌드합니다 ($ui)" "building the user interface ($ui)"
    begun=$(mktemp)
    [ "$ui" = dev ] || release=--release
    # trunk takes NO_COLOR for a flag that must be true or false.
    env -u NO_COLOR trunk build ${release:-} --dist "$dist"
    rm -f "$dist/.dev" "$dist/.release"
    mv "$begun" "$dist/.$ui"
fi
