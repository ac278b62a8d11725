# Sourced after lib/debian.sh and postgres.sh, whose free_port it uses: a MariaDB server of our own for tests, gone when the script ends.
#
# start_mariadb sets MARIADB_URL (an account with all rights) and needs stop_mariadb to be called on exit.
# It uses the programs of an installed MariaDB and nothing of its running servers: no option file, own port, own
# socket, own data folder, own process, stopped by its id.

start_mariadb() {
  local server port attempt
  server=$(mariadb_server)
  if [ -z "$server" ]; then
    install_mariadb
    server=$(mariadb_server)
    [ -n "$server" ] || fail 'MariaDB was installed, but mariadbd was not found.' 'Put its folder on PATH.'
  fi
  # /tmp itself: the server's user must be able to enter every folder above, and a socket's path is short.
  mariadb_folder=$(mktemp -d /tmp/custard-mariadb.XXXXXX)
  chmod 0755 "$mariadb_folder"
  choose_mariadb_user
  mariadb_password=$(node -p 'require("node:crypto").randomBytes(12).toString("hex")')
  run_step 'Creating a throw-away MariaDB' init_mariadb || fail 'mariadb-install-db failed.' 'The lines above say why.'
  for attempt in 1 2 3; do
    port=$(free_port)
    launch_mariadb "$server" "$port"
    if wait_for_mariadb; then
      MARIADB_URL="mariadb://custard:$mariadb_password@127.0.0.1:$port"
      return
    fi
    stop_mariadb_process
  done
  tail -n 20 "$mariadb_folder/log" >&2
  fail 'MariaDB did not start.' 'The lines above are the end of its log.'
}

stop_mariadb() {
  [ -n "${mariadb_folder:-}" ] || return 0
  stop_mariadb_process
  rm -rf "$mariadb_folder"
  mariadb_folder=
}

# The server's program, where its installer is there too, or nothing.
mariadb_server() {
  local folder
  command -v mariadb-install-db >/dev/null && command -v my_print_defaults >/dev/null || return 0
  if command -v mariadbd; then return; fi
  for folder in /usr/sbin /usr/local/sbin /usr/libexec \
    /opt/homebrew/opt/mariadb/bin /usr/local/opt/mariadb/bin; do
    if [ -x "$folder/mariadbd" ]; then
      printf '%s' "$folder/mariadbd"
      return
    fi
  done
}

install_mariadb() {
  local how='Install MariaDB (on Debian: apt-get install mariadb-server-core mariadb-client-core), or set CUSTARD_TEST_MARIADB_URL to a throw-away server.'
  # The core packages hold the programs alone; one that mariadb-install-db calls is the client's.
  install_from_debian MariaDB 'No MariaDB server programs (mariadbd, mariadb-install-db) were found.' "$how" \
    mariadb-server-core mariadb-client-core
}

# Sets mariadb_as to what its programs are started by: a user that is not root, which it refuses to run as,
# and where possible so that the server ends with this script, however that ends.
choose_mariadb_user() {
  local user=mysql
  mariadb_as=(env)
  if command -v setpriv >/dev/null; then mariadb_as=(setpriv --pdeathsig=KILL); fi
  [ "$(id -u)" = 0 ] || return 0
  id "$user" >/dev/null 2>&1 || user=nobody
  command -v setpriv >/dev/null || fail 'MariaDB does not run as root, and setpriv was not found.' 'Run this as another user.'
  mariadb_as+=(--reuid="$user" --regid="$(id -g "$user")" --clear-groups)
  chown "$user" "$mariadb_folder"
}

init_mariadb() (
  cd "$mariadb_folder" || return
  "${mariadb_as[@]}" mariadb-install-db --no-defaults --datadir="$mariadb_folder/data" --skip-test-db \
    --auth-root-authentication-method=normal --skip-name-resolve || return
  # What the server may read and write by SQL is this folder alone.
  "${mariadb_as[@]}" mkdir files || return
  (umask 077 && cat >start.sql <<SQL
DELETE FROM mysql.global_priv WHERE User = 'root';
FLUSH PRIVILEGES;
CREATE USER IF NOT EXISTS custard@'127.0.0.1' IDENTIFIED BY '$mariadb_password';
GRANT ALL ON *.* TO custard@'127.0.0.1' WITH GRANT OPTION;
SQL
  ) || return
  # Nothing here has to survive a power cut.
  cat >my.cnf <<CONFIGURATION
[mariadbd]
datadir = $mariadb_folder/data
socket = $mariadb_folder/socket
pid-file = $mariadb_folder/pid
secure-file-priv = $mariadb_folder/files
init-file = $mariadb_folder/start.sql
bind-address = 127.0.0.1
skip-name-resolve
character-set-server = utf8mb4
innodb-buffer-pool-size = 32M
innodb-log-file-size = 16M
max-allowed-packet = 64M
innodb-flush-log-at-trx-commit = 0
innodb-doublewrite = 0
sync-frm = 0
default-time-zone = +00:00
CONFIGURATION
  if [ "$(id -u)" = 0 ]; then chown --reference=. start.sql; fi
)

# launch_mariadb SERVER PORT
launch_mariadb() {
  : >"$mariadb_folder/log"
  # exec, so that the process id is the server's own.
  (
    cd "$mariadb_folder" || exit
    exec "${mariadb_as[@]}" "$1" --defaults-file="$mariadb_folder/my.cnf" --port="$2"
  ) >"$mariadb_folder/log" 2>&1 </dev/null &
  mariadb_pid=$!
}

# True once it takes connections, false when it ends or 30 seconds are over.
wait_for_mariadb() {
  local deadline=$((SECONDS + 30))
  while kill -0 "$mariadb_pid" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
    if grep -q 'ready for connections' "$mariadb_folder/log"; then return; fi
    sleep 0.1
  done
  return 1
}

stop_mariadb_process() {
  [ -n "${mariadb_pid:-}" ] || return 0
  # There is nothing to save.
  kill -KILL "$mariadb_pid" 2>/dev/null || true
  wait "$mariadb_pid" 2>/dev/null || true
  mariadb_pid=
}
