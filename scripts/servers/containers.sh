# Sourced: images are built and run by buildah and podman, which need no daemon; nothing of theirs stays behind.
#
# provide_containers FOLDER sets CUSTARD_TEST_CONTAINERS to a folder with a store of images of our own (never the
# user's), in which stand-ins carry the names of the Dockerfile's FROM lines: the same programs, from Debian. That
# keeps the Dockerfile as its users need it, and needs no registry of images.

# As the caller has it: scripts/test gives its tests another.
container_cache_home=${XDG_CACHE_HOME:-$HOME/.cache}
CONTAINER_TOOLS=(buildah podman runc mmdebstrap)

provide_containers() {
  [ -z "${CUSTARD_TEST_CONTAINERS:-}" ] || return 0
  install_container_tools
  local cache folder=$1
  cache=$(container_cache)
  mkdir -p "$folder" "$cache"
  for name in build runtime; do
    [ -f "$cache/$name.tar" ] || run_step "Making the $name image's base from Debian" "make_${name}_base" "$cache/$name.tar" ||
      fail 'The base of an image could not be made.' 'Check that apt-get reaches an archive of Debian, then run this again.'
  done
  run_step 'Importing the base images' import_bases "$cache" "$folder" ||
    fail 'podman could not import an image.' 'The lines above say why.'
  export CUSTARD_TEST_CONTAINERS=$folder
}

# Layers belong to root and may be mounted: podman knows how to remove them.
remove_containers() {
  [ -d "${CUSTARD_TEST_CONTAINERS:-}/store" ] || return 0
  in_store "$CUSTARD_TEST_CONTAINERS" podman system reset --force >/dev/null 2>&1 || true
}

install_container_tools() {
  local how="Install them (on Debian: apt-get install ${CONTAINER_TOOLS[*]}), or set CUSTARD_TEST_CONTAINERS to a folder that provide_containers made."
  has_container_tools && return
  command -v apt-get >/dev/null || fail "Not all of ${CONTAINER_TOOLS[*]} were found." "$how"
  [ "$(id -u)" = 0 ] || fail "Not all of ${CONTAINER_TOOLS[*]} were found, and only root may install them." "$how"
  run_step "Installing Debian's buildah and podman" apt_install_container_tools || fail 'They could not be installed.' "$how"
}

has_container_tools() {
  local tool
  for tool in "${CONTAINER_TOOLS[@]}"; do command -v "$tool" >/dev/null || return 1; done
}

apt_install_container_tools() {
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${CONTAINER_TOOLS[@]}"
}

# Outside the clone, and by what they are made of: this script, Node and npm. For this user alone.
container_cache() {
  local digest
  digest=$({ cat "$repository/scripts/servers/containers.sh" && node --version && npm --version && uname -m; } | sha256sum)
  printf '%s' "$container_cache_home/custard/container-bases/${digest%% *}"
}

# in_store FOLDER COMMAND…: podman or buildah with the store in that folder.
in_store() {
  local folder=$1 program=$2
  shift 2
  "$program" --root "$folder/store" --runroot "$folder/run" --storage-driver "$(cat "$folder/driver")" "$@"
}

# import_bases CACHE FOLDER
import_bases() {
  local driver
  # Where the file system has no overlays, whole copies do.
  for driver in overlay vfs; do
    echo "$driver" >"$2/driver"
    in_store "$2" podman import "$1/runtime.tar" gcr.io/distroless/cc-debian12:nonroot && break
    rm -rf "$2/store" "$2/run"
  done
  in_store "$2" podman import --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/ca.crt' \
    --change "ENV NPM_CONFIG_REGISTRY=$(npm config get registry)" "$1/build.tar" docker.io/library/node:24-bookworm-slim
}

# debian_files FOLDER PACKAGE…: their files alone. Nothing is configured, which takes dpkg minutes.
debian_files() {
  local folder=$1
  shift
  mmdebstrap --mode=root --variant=extract --include="$(IFS=, && echo "$*")" bookworm "$folder"
}

# pack FOLDER ARCHIVE: whole or not at all.
pack() {
  tar -cf "$2.$$" -C "$1" . && mv "$2.$$" "$2" && rm -rf "$1"
}

# What gcr.io/distroless/cc-debian12 is made of.
make_runtime_base() {
  local folder
  folder=$(mktemp -d)
  debian_files "$folder" base-files libc6 libgcc-s1 libstdc++6 gcc-12-base netbase tzdata ca-certificates && pack "$folder" "$1"
}

# What the build uses of node:24-bookworm-slim: a shell, its tools, Node and npm; besides, the certificates that
# this machine's npm trusts.
make_build_base() {
  local folder npm certificates=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
  folder=$(mktemp -d)
  debian_files "$folder" base-files dash coreutils libacl1 libattr1 libgmp10 libselinux1 libpcre2-8-0 libc6 libgcc-s1 \
    libstdc++6 gcc-12-base || return
  mkdir -p "$folder/usr/local/bin" "$folder/usr/local/lib/node_modules" "$folder/root"
  cp "$(node -p process.execPath)" "$folder/usr/local/bin/node" || return
  npm=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v npm)")")")
  cp -R "$npm" "$folder/usr/local/lib/node_modules/npm" || return
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$folder/usr/local/bin/npm"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$folder/etc/passwd"
  mkdir -p "$folder/etc/ssl" && cp "$certificates" "$folder/etc/ssl/ca.crt" || return
  pack "$folder" "$1"
}
