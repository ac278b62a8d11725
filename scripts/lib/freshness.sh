# Sourced by scripts/setup, which runs in the clone's root: whether what was made is still up to date.
#
# What was made holds a stamp: the digest of what it was made of. Digests are of contents, since git
# sets file times as it likes.

STAMP=.made-from

# is_stamped FOLDER DIGEST
is_stamped() {
  [ -f "$1/$STAMP" ] && [ "$(cat "$1/$STAMP")" = "$2" ]
}

# stamp FOLDER DIGEST
stamp() {
  printf '%s\n' "$2" >"$1/$STAMP"
}

# Of what npm ci reads.
dependencies_digest() {
  node scripts/lib/digest.ts package-lock.json .npmrc
}

# Of what the build reads.
sources_digest() {
  node scripts/lib/digest.ts agent cli control-plane core scripts/build.ts tsconfig.base.json package.json package-lock.json
}
