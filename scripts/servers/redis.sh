# Sourced after lib/debian.sh: the program of a Redis server, which tests start for themselves.
#
# find_redis sets REDIS_SERVER. Nothing of a running server is used, and Debian's is installed without one.

find_redis() {
  local how='Install Redis (on Debian: apt-get install redis-server), or set CUSTARD_TEST_REDIS_SERVER to its redis-server.'
  REDIS_SERVER=$(command -v redis-server || true)
  [ -z "$REDIS_SERVER" ] || return 0
  install_from_debian Redis 'No redis-server was found.' "$how" redis-server
  REDIS_SERVER=$(command -v redis-server) || fail 'Redis was installed, but redis-server was not found.' 'Put its folder on PATH.'
}
