# Sourced after say.sh: what a fresh machine lacks, from Debian's archive where that can be had.

# install_from_debian LABEL MISSING HOW PACKAGE…: installs the packages, or fails saying what is missing and how to get it.
install_from_debian() {
  local label=$1 missing=$2 how=$3
  shift 3
  command -v apt-get >/dev/null || fail "$missing" "$how"
  [ "$(id -u)" = 0 ] || fail "$missing Only root may install it." "$how"
  run_step "Installing Debian's $label" apt_install "$@" || fail "$label could not be installed." "$how"
}

# apt_install PACKAGE…: programs alone. Debian would start servers on their usual ports, which nobody asked for.
apt_install() (
  export DEBIAN_FRONTEND=noninteractive
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 0755 "$policy" || return
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update && apt-get install -y --no-install-recommends "$@"
)
