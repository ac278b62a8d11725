# Sourced: PostgreSQL servers of our own for tests and measurements, gone when the script ends.
#
# start_postgres sets POSTGRES_URL (superuser, database postgres) and needs stop_postgres to be called
# on exit, which stops all that were started. It uses the programs of an installed PostgreSQL, or those in the folder
# that it is given, and nothing of its running servers: own port, own data folder, own process, stopped by its id.

POSTGRES_MAJOR_MIN=13

postgres_folders=() postgres_pids=()

# start_postgres [PROGRAMS]
start_postgres() {
  local programs=${1:-} port attempt
  [ -n "$programs" ] || programs=$(postgres_programs)
  if [ -z "$programs" ]; then
    install_postgres
    programs=$(postgres_programs)
    [ -n "$programs" ] || fail 'PostgreSQL was installed, but initdb was not found.' 'Put its bin folder on PATH.'
  fi
  # /tmp itself: the server's user must be able to enter every folder above, and a socket's path is short.
  postgres_folder=$(mktemp -d /tmp/custard-postgres.XXXXXX)
  postgres_folders+=("$postgres_folder")
  chmod 0755 "$postgres_folder"
  choose_postgres_user
  postgres_password=$(node -p 'require("node:crypto").randomBytes(12).toString("hex")')
  run_step 'Creating a throw-away PostgreSQL' init_postgres "$programs" || fail 'initdb failed.' 'The lines above say why.'
  for attempt in 1 2 3; do
    port=$(free_port)
    launch_postgres "$programs" "$port"
    postgres_pids+=("$postgres_pid")
    if wait_for_postgres; then
      POSTGRES_URL="postgres://postgres:$postgres_password@127.0.0.1:$port/postgres"
      return
    fi
    stop_postgres_process "$postgres_pid"
    unset "postgres_pids[$((${#postgres_pids[@]} - 1))]"
  done
  tail -n 20 "$postgres_folder/log" >&2
  fail 'PostgreSQL did not start.' 'The lines above are the end of its log.'
}

stop_postgres() {
  local pid folder
  # Empty arrays count as unset in older shells.
  for pid in ${postgres_pids[@]+"${postgres_pids[@]}"}; do stop_postgres_process "$pid"; done
  for folder in ${postgres_folders[@]+"${postgres_folders[@]}"}; do rm -rf "$folder"; done
  postgres_pids=() postgres_folders=()
}

# The folder with the newest initdb and postgres that are there, or nothing.
postgres_programs() {
  local folder best='' best_major=$((POSTGRES_MAJOR_MIN - 1)) major
  for folder in "$(dirname -- "$(readlink -f -- "$(command -v initdb)")")" /usr/lib/postgresql/*/bin /usr/pgsql-*/bin \
    /opt/homebrew/opt/postgresql@*/bin /usr/local/opt/postgresql@*/bin; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] || continue
    major=$("$folder/postgres" --version | sed -E 's/[^0-9]*([0-9]+).*/\1/')
    if [ "$major" -gt "$best_major" ]; then best=$folder best_major=$major; fi
  done
  printf '%s' "$best"
}

install_postgres() {
  local how='Install PostgreSQL (on Debian: apt-get install postgresql), or set CUSTARD_TEST_POSTGRES_URL to a throw-away server.'
  command -v apt-get >/dev/null || fail "No PostgreSQL server programs (initdb, postgres) were found." "$how"
  [ "$(id -u)" = 0 ] || fail "No PostgreSQL server programs (initdb, postgres) were found, and only root may install them." "$how"
  run_step "Installing Debian's PostgreSQL" apt_install_postgres || fail 'PostgreSQL could not be installed.' "$how"
}

apt_install_postgres() (
  export DEBIAN_FRONTEND=noninteractive
  # Debian would create and start a server of its own on port 5432, which nobody asked for.
  setting=/etc/postgresql-common/createcluster.d/no-main-cluster.conf
  mkdir -p "${setting%/*}" && echo 'create_main_cluster = false' >"$setting" || return
  trap 'rm -f "$setting"' EXIT
  apt-get update && apt-get install -y --no-install-recommends postgresql
)

# Sets run_as to what its programs are started by: a user that is not root, which it refuses to run as,
# and where possible so that the server ends with this script, however that ends.
choose_postgres_user() {
  local user=postgres
  run_as=(env)
  if command -v setpriv >/dev/null; then run_as=(setpriv --pdeathsig=QUIT); fi
  [ "$(id -u)" = 0 ] || return 0
  id "$user" >/dev/null 2>&1 || user=nobody
  command -v setpriv >/dev/null || fail 'PostgreSQL does not run as root, and setpriv was not found.' 'Run this as another user.'
  run_as+=(--reuid="$user" --regid="$(id -g "$user")" --clear-groups)
  chown "$user" "$postgres_folder"
}

init_postgres() (
  cd "$postgres_folder" || return
  (umask 077 && printf '%s' "$postgres_password" >password) || return
  if [ "$(id -u)" = 0 ]; then chown --reference=. password; fi
  case "$(uname -s)" in Linux) locale=C.UTF-8 ;; *) locale=C ;; esac
  "${run_as[@]}" "$1/initdb" --pgdata=data --username=postgres --pwfile=password --auth=scram-sha-256 --no-sync \
    --encoding=UTF8 --locale="$locale" || return
  rm password
  # Nothing here has to survive a power cut.
  cat >>data/postgresql.conf <<CONFIGURATION
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
timezone = 'UTC'
log_timezone = 'UTC'
CONFIGURATION
)

# launch_postgres PROGRAMS PORT
launch_postgres() {
  : >"$postgres_folder/log"
  # exec, so that the process id is the server's own.
  (
    cd "$postgres_folder" || exit
    exec "${run_as[@]}" "$1/postgres" -D data -p "$2"
  ) >"$postgres_folder/log" 2>&1 </dev/null &
  postgres_pid=$!
}

# True once it takes connections, false when it ends or 30 seconds are over.
wait_for_postgres() {
  local deadline=$((SECONDS + 30))
  while kill -0 "$postgres_pid" 2>/dev/null && [ "$SECONDS" -lt "$deadline" ]; do
    # The eighth line is the server's own word on its state, padded with blanks.
    case "$(sed -n 8p "$postgres_folder/data/postmaster.pid" 2>/dev/null)" in ready*) return ;; esac
    sleep 0.1
  done
  return 1
}

# stop_postgres_process PID: of a process of this shell, which alone may wait for it.
stop_postgres_process() {
  # QUIT is PostgreSQL's immediate shutdown.
  kill -QUIT "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

free_port() {
  node -e 'const server = require("node:net").createServer().listen(0, "127.0.0.1", () => {
    console.log(server.address().port);
    server.close();
  });'
}
