# Sourced after lib/debian.sh: the program of a Chromium, which tests start for themselves.
#
# find_chromium sets CHROMIUM.

find_chromium() {
  local how='Install Chromium (on Debian: apt-get install chromium), or set CUSTARD_TEST_CHROMIUM to its program.'
  CHROMIUM=$(chromium_program)
  [ -z "$CHROMIUM" ] || return 0
  install_from_debian Chromium 'No Chromium was found.' "$how" chromium
  CHROMIUM=$(chromium_program)
  [ -n "$CHROMIUM" ] || fail 'Chromium was installed, but chromium was not found.' 'Put its folder on PATH.'
}

chromium_program() {
  command -v chromium || command -v chromium-browser || command -v google-chrome || true
}
