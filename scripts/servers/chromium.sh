# Sourced after postgres.sh: the program of a Chromium, which tests start for themselves.
#
# find_chromium sets CHROMIUM.

find_chromium() {
  local how='Install Chromium (on Debian: apt-get install chromium), or set CUSTARD_TEST_CHROMIUM to its program.'
  CHROMIUM=$(chromium_program)
  [ -z "$CHROMIUM" ] || return 0
  command -v apt-get >/dev/null || fail 'No Chromium was found.' "$how"
  [ "$(id -u)" = 0 ] || fail 'No Chromium was found, and only root may install it.' "$how"
  run_step "Installing Debian's Chromium" apt_install_chromium || fail 'Chromium could not be installed.' "$how"
  CHROMIUM=$(chromium_program)
  [ -n "$CHROMIUM" ] || fail 'Chromium was installed, but chromium was not found.' 'Put its folder on PATH.'
}

chromium_program() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || true
}

apt_install_chromium() {
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium
}
