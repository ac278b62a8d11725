# Sourced after lib/debian.sh and postgres.sh, whose free_port it uses: a PgBouncer of our own for tests, gone when the script ends.
#
# start_pgbouncer URL sets PGBOUNCER_URL, the way through it to the PostgreSQL server at URL, and needs stop_pgbouncer to
# be called on exit. It uses an installed PgBouncer's program and nothing of its service: own port, own folder, own
# process, stopped by its id. Transaction mode, for every database of the server; these ones are for single tests:
#
#   custard_session, custard_statement   in the other two modes
#   custard_narrow                       with one connection to the server, for which clients wait 1 s at most
#   custard_down                         at a server that is not there

start_pgbouncer() {
  local program port attempt
  program=$(pgbouncer_program)
  if [ -z "$program" ]; then
    install_pgbouncer
    program=$(pgbouncer_program)
    [ -n "$program" ] || fail 'PgBouncer was installed, but pgbouncer was not found.' 'Put its folder on PATH.'
  fi
  pgbouncer_folder=$(mktemp -d /tmp/custard-pgbouncer.XXXXXX)
  chmod 0755 "$pgbouncer_folder"
  choose_pgbouncer_user
  for attempt in 1 2 3; do
    port=$(free_port)
    configure_pgbouncer "$1" "$port" || fail 'PgBouncer could not be configured.' "The test server's URL has to name user, password, host and port."
    launch_pgbouncer "$program"
    if wait_for_pgbouncer "$port"; then
      PGBOUNCER_URL=$(node -e 'const url = new URL(process.argv[1]);
        url.hostname = "127.0.0.1", url.port = process.argv[2];
        console.log(url.href)' "$1" "$port")
      return
    fi
    stop_pgbouncer_process
  done
  tail -n 20 "$pgbouncer_folder/log" >&2
  fail 'PgBouncer did not start.' 'The lines above are the end of its log.'
}

stop_pgbouncer() {
  [ -n "${pgbouncer_folder:-}" ] || return 0
  stop_pgbouncer_process
  rm -rf "$pgbouncer_folder"
  pgbouncer_folder=
}

pgbouncer_program() {
  local folder
  if command -v pgbouncer; then return; fi
  for folder in /usr/sbin /usr/local/sbin /opt/homebrew/bin /usr/local/bin; do
    if [ -x "$folder/pgbouncer" ]; then
      printf '%s' "$folder/pgbouncer"
      return
    fi
  done
}

install_pgbouncer() {
  local how='Install PgBouncer (on Debian: apt-get install pgbouncer), or set CUSTARD_TEST_PGBOUNCER_URL to a throw-away one before the server of CUSTARD_TEST_POSTGRES_URL.'
  install_from_debian PgBouncer 'PgBouncer (pgbouncer) was not found.' "$how" pgbouncer
}

# Sets pgbouncer_as to what it is started by: a user that is not root, which it refuses to run as, and where possible so
# that it ends with this script, however that ends.
choose_pgbouncer_user() {
  local user=nobody
  pgbouncer_as=(env)
  if command -v setpriv >/dev/null; then pgbouncer_as=(setpriv --pdeathsig=TERM); fi
  [ "$(id -u)" = 0 ] || return 0
  command -v setpriv >/dev/null || fail 'PgBouncer does not run as root, and setpriv was not found.' 'Run this as another user.'
  pgbouncer_as+=(--reuid="$user" --regid="$(id -g "$user")" --clear-groups)
  chown "$user" "$pgbouncer_folder"
}

# configure_pgbouncer URL PORT
configure_pgbouncer() {
  (umask 077 && node - "$pgbouncer_folder" "$@" <<'NODE'
const { writeFileSync } = require('node:fs');
const [folder, given, port] = process.argv.slice(2);
const url = new URL(given);
const [user, password] = [url.username, url.password].map(decodeURIComponent);
if (user === '' || password === '') throw new Error('user and password are missing');
const server = `host=${url.hostname} port=${url.port || 5432}`;
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
writeFileSync(`${folder}/users.txt`, `${quoted(user)} ${quoted(password)}\n`);
writeFileSync(`${folder}/pgbouncer.ini`, `
[databases]
custard_session = ${server} dbname=postgres pool_mode=session
custard_statement = ${server} dbname=postgres pool_mode=statement
custard_narrow = ${server} dbname=postgres pool_size=1
custard_down = host=127.0.0.1 port=1
* = ${server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = 20
max_client_conn = 500
query_wait_timeout = 1
server_login_retry = 1
server_idle_timeout = 10
autodb_idle_timeout = 10
`);
NODE
  ) || return
  if [ "$(id -u)" = 0 ]; then chown --reference="$pgbouncer_folder" "$pgbouncer_folder"/*; fi
}

# launch_pgbouncer PROGRAM
launch_pgbouncer() {
  : >"$pgbouncer_folder/log"
  # exec, so that the process id is its own.
  (
    cd "$pgbouncer_folder" || exit
    exec "${pgbouncer_as[@]}" "$1" pgbouncer.ini
  ) >"$pgbouncer_folder/log" 2>&1 </dev/null &
  pgbouncer_pid=$!
}

# wait_for_pgbouncer PORT: true once it takes connections, false when it ends or 30 seconds are over.
wait_for_pgbouncer() {
  local deadline=$((SECONDS + 30))
  while kill -0 "$pgbouncer_pid" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
    if grep -q "process up" "$pgbouncer_folder/log" && (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
    sleep 0.1
  done
  return 1
}

stop_pgbouncer_process() {
  [ -n "${pgbouncer_pid:-}" ] || return 0
  # TERM ends it at once, its clients too.
  kill -TERM "$pgbouncer_pid" 2>/dev/null || true
  wait "$pgbouncer_pid" 2>/dev/null || true
  pgbouncer_pid=
}
