# Sourced after postgres.sh: the program of a Redis server, which tests start for themselves.
#
# find_redis sets REDIS_SERVER. Nothing of a running server is used, and Debian's is installed without one.

find_redis() {
  local how='Install Redis (on Debian: apt-get install redis-server), or set CUSTARD_TEST_REDIS_SERVER to its redis-server.'
  REDIS_SERVER=$(command -v redis-server || true)
  [ -z "$REDIS_SERVER" ] || return 0
  command -v apt-get >/dev/null || fail 'No redis-server was found.' "$how"
  [ "$(id -u)" = 0 ] || fail 'No redis-server was found, and only root may install it.' "$how"
  run_step "Installing Debian's Redis" apt_install_redis || fail 'Redis could not be installed.' "$how"
  REDIS_SERVER=$(command -v redis-server) || fail 'Redis was installed, but redis-server was not found.' 'Put its folder on PATH.'
}

# policy-rc.d keeps the package from starting a server on port 6379.
apt_install_redis() {
  local policy=/usr/sbin/policy-rc.d
  apt-get update || return
  if [ -e "$policy" ]; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod 0755 "$policy" || return
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends redis-server
  local status=$?
  rm -f "$policy"
  return "$status"
}
