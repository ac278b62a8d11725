# Sourced: PostgreSQL's own regression tests, whose statements are sent to the agent with its guard taken away.
#
# Debian ships them in the source package alone. provide_postgres_suite FOLDER puts their SQL files there and sets
# CUSTARD_TEST_POSTGRES_SUITE; where there is no Debian archive it says so, and the tests that need them are skipped.

POSTGRES_SUITE_PACKAGE=postgresql-15

provide_postgres_suite() {
  [ -z "${CUSTARD_TEST_POSTGRES_SUITE:-}" ] || return 0
  if run_step "Fetching PostgreSQL's own tests" fetch_postgres_suite "$1"; then
    export CUSTARD_TEST_POSTGRES_SUITE=$1
  else
    say "PostgreSQL's own tests could not be fetched from a Debian archive: what needs them is skipped."
  fi
}

# Lists and archives of its own, so that nothing of the system's package manager changes.
fetch_postgres_suite() (
  command -v apt-get >/dev/null && command -v bzip2 >/dev/null || return
  mkdir -p "$1/apt/lists/partial" "$1/apt/archives/partial" && cd "$1/apt" || return
  # The archives this system installs from, asked for sources.
  apt-get indextargets --format '$(ORIGIN)|deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
    sed -n 's/^Debian|//p' | sort -u >sources.list
  if ! [ -s sources.list ]; then
    apt-get indextargets --format 'deb-src $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
      grep '/debian' | sort -u >sources.list
  fi
  local version
  archive=(-o Dir::Etc::sourcelist="$PWD/sources.list" -o Dir::Etc::sourceparts=- -o Dir::State::lists="$PWD/lists"
    -o Dir::Cache="$PWD" -o Dir::Cache::archives="$PWD/archives" -o APT::Sandbox::User=root)
  apt-get "${archive[@]}" update || return
  # A mirror may list a version that it no longer or not yet has.
  for version in $(apt-cache "${archive[@]}" showsrc --only-source "$POSTGRES_SUITE_PACKAGE" | sed -n 's/^Version: //p' | sort -rVu); do
    apt-get "${archive[@]}" source --download-only --only-source "$POSTGRES_SUITE_PACKAGE=$version" && break
  done
  tar -xjf "$POSTGRES_SUITE_PACKAGE"_*.orig.tar.bz2 -C "$1" --wildcards '*/sql/*.sql' && rm -rf "$1/apt"
)
