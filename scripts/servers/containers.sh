# Sourced after say.sh: the images, built and run by buildah and podman, which need no daemon.
#
# provide_images FOLDER makes a store of images in that folder, never the user's, builds the Dockerfile's two into it,
# and writes containers.conf and storage.conf: with CONTAINERS_CONF and CONTAINERS_STORAGE_CONF naming them, podman uses
# that store. The Dockerfile's FROM lines stay as its users need them: stand-ins carry their names, with the same
# programs from Debian, so that no registry of images is needed.

CONTAINER_PROGRAMS=(buildah podman runc catatonit mmdebstrap systemd-analyze)
CONTAINER_PACKAGES=(buildah podman runc catatonit mmdebstrap systemd)

provide_images() {
  local folder=$1 cache name
  install_container_programs
  cache=$(container_cache)
  mkdir -p "$folder" "$cache"
  for name in build runtime; do
    [ -f "$cache/$name.tar" ] || run_step "Making the base of the $name stage from Debian" "make_${name}_base" "$cache/$name.tar" ||
      fail 'The base of an image could not be made.' 'Check that apt-get reaches an archive of Debian, then run this again.'
  done
  run_step 'Importing the bases' import_bases "$cache" "$folder" || fail 'podman could not import an image.' 'The lines above say why.'
  for name in agent control-plane; do
    run_step "Building the image custard-$name" build_image "$name" || fail "The image custard-$name could not be built." 'The lines above say why.'
  done
}

install_container_programs() {
  local how="Install them (on Debian: apt-get install ${CONTAINER_PACKAGES[*]}), then run this again."
  has_container_programs && return
  command -v apt-get >/dev/null || fail "Not all of ${CONTAINER_PROGRAMS[*]} were found." "$how"
  [ "$(id -u)" = 0 ] || fail "Not all of ${CONTAINER_PROGRAMS[*]} were found, and only root may install them." "$how"
  run_step "Installing Debian's buildah and podman" apt_install_container_programs || fail 'They could not be installed.' "$how"
}

has_container_programs() {
  local program
  for program in "${CONTAINER_PROGRAMS[@]}"; do command -v "$program" >/dev/null || return 1; done
}

apt_install_container_programs() {
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${CONTAINER_PACKAGES[@]}"
}

# Outside the clone, by what the bases are made of: this script, Node and npm.
container_cache() {
  local digest
  digest=$({ cat "$repository/scripts/servers/containers.sh" && node --version && npm --version && uname -m; } | sha256sum)
  printf '%s' "${CUSTARD_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}}/custard/container-bases/${digest%% *}"
}

# import_bases CACHE FOLDER
import_bases() {
  local driver imported=''
  export CONTAINERS_CONF=$2/containers.conf CONTAINERS_STORAGE_CONF=$2/storage.conf
  # Without a service manager, without rights over limits, and without a network of its own.
  cat >"$CONTAINERS_CONF" <<'CONFIGURATION'
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
log_driver = "k8s-file"
netns = "host"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
CONFIGURATION
  # Where the file system takes no overlays, whole copies do.
  for driver in overlay vfs; do
    printf '[storage]\ndriver = "%s"\ngraphroot = "%s"\nrunroot = "%s"\n' "$driver" "$2/store" "$2/run" >"$CONTAINERS_STORAGE_CONF"
    podman import "$1/runtime.tar" gcr.io/distroless/cc-debian12:nonroot && imported=yes && break
    rm -rf "$2/store" "$2/run"
  done
  [ -n "$imported" ] || return
  podman import --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/ca.crt' \
    --change "ENV NPM_CONFIG_REGISTRY=$(npm config get registry)" "$1/build.tar" docker.io/library/node:24-bookworm-slim
}

# As users do, but for where its steps run; the second finds the first's layers.
build_image() {
  local version
  version=$(node -p 'require("./package.json").version')
  buildah bud --isolation chroot --format docker --layers --pull-never --target "$1" --tag "custard-$1:$version" .
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

# What gcr.io/distroless/cc-debian12 is made of: libraries, certificates and time zones, but no program.
make_runtime_base() {
  local folder
  folder=$(mktemp -d)
  debian_files "$folder" base-files libc6 libgcc-s1 libstdc++6 gcc-12-base netbase tzdata ca-certificates || return
  rm -rf "$folder"/{bin,sbin,usr/bin,usr/sbin}/*
  pack "$folder" "$1"
}

# What the build uses of node:24-bookworm-slim: a shell, its tools, Node and npm; besides, the certificates that
# this machine's npm trusts.
make_build_base() {
  local folder npm certificates=${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt}
  folder=$(mktemp -d)
  debian_files "$folder" base-files dash coreutils libacl1 libattr1 libgmp10 libselinux1 libpcre2-8-0 libc6 libgcc-s1 \
    libstdc++6 gcc-12-base || return
  mkdir -p "$folder/usr/local/bin" "$folder/usr/local/lib/node_modules" "$folder/root" "$folder/etc/ssl"
  cp "$(node -p process.execPath)" "$folder/usr/local/bin/node" || return
  npm=$(dirname -- "$(dirname -- "$(readlink -f -- "$(command -v npm)")")")
  cp -R "$npm" "$folder/usr/local/lib/node_modules/npm" || return
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$folder/usr/local/bin/npm"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$folder/etc/passwd"
  cp "$certificates" "$folder/etc/ssl/ca.crt" || return
  pack "$folder" "$1"
}
