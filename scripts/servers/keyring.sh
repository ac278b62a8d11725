# Sourced after lib/debian.sh: a keyring, which tests start for themselves on a bus of its own.
#
# find_keyring sets KEYRING_DAEMON. Nothing of a desktop that runs is used.

find_keyring() {
  local how='Install GNOME Keyring and D-Bus (on Debian: apt-get install gnome-keyring dbus), or set CUSTARD_TEST_KEYRING to its gnome-keyring-daemon.'
  KEYRING_DAEMON=$(command -v gnome-keyring-daemon || true)
  [ -z "$KEYRING_DAEMON" ] || ! command -v dbus-daemon >/dev/null || return 0
  install_from_debian 'GNOME Keyring' 'No gnome-keyring-daemon was found.' "$how" gnome-keyring dbus
  KEYRING_DAEMON=$(command -v gnome-keyring-daemon) || fail 'GNOME Keyring was installed, but gnome-keyring-daemon was not found.' 'Put its folder on PATH.'
}
