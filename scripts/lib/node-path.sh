# Sourced by the scripts, which set $repository: the Node they run on.
#
# The one on PATH where it is new enough, else the one that scripts/setup put into .node/.

NODE_MAJOR=24

# node_is_new_enough [NODE]
node_is_new_enough() {
  local version
  version=$("${1:-node}" --version 2>/dev/null) || return 1
  version=${version#v}
  version=${version%%.*}
  [ "$version" -ge "$NODE_MAJOR" ] 2>/dev/null
}

# use_node: puts that Node's folder first on PATH, for everything that is started later; false when there is none.
use_node() {
  node_is_new_enough && return
  node_is_new_enough "$repository/.node/bin/node" || return
  export PATH="$repository/.node/bin:$PATH"
}
