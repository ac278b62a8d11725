# Sourced after postgres.sh: a keyring, which tests start for themselves on a bus of its own.
#
# find_keyring sets KEYRING_DAEMON. Nothing of a desktop that runs is used.

find_keyring() {
  local how='Install GNOME Keyring and D-Bus (on Debian: apt-get install gnome-keyring dbus), or set CUSTARD_TEST_KEYRING to its gnome-keyring-daemon.'
  KEYRING_DAEMON=$(command -v gnome-keyring-daemon || true)
  [ -z "$KEYRING_DAEMON" ] || ! command -v dbus-daemon >/dev/null || return 0
  command -v apt-get >/dev/null || fail 'No gnome-keyring-daemon was found.' "$how"
  [ "$(id -u)" = 0 ] || fail 'No gnome-keyring-daemon was found, and only root may install it.' "$how"
  run_step "Installing Debian's GNOME Keyring" apt_install_keyring || fail 'GNOME Keyring could not be installed.' "$how"
  KEYRING_DAEMON=$(command -v gnome-keyring-daemon) || fail 'GNOME Keyring was installed, but gnome-keyring-daemon was not found.' 'Put its folder on PATH.'
}

apt_install_keyring() {
  apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends gnome-keyring dbus
}
