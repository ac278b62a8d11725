# Sourced by the scripts: what they tell a person goes to stderr, stdout is for data.

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [WHAT TO DO]: one sentence on what is wrong, one on what to do about it.
fail() {
  say "error: $1"
  [ $# -lt 2 ] || say "       $2"
  exit 1
}

# run_step LABEL COMMAND…: says the label, runs the command, and shows its output only when it fails.
run_step() {
  local label=$1 log started=$SECONDS status=0
  shift
  log=$(mktemp)
  say "$label …"
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    tail -n 40 "$log" >&2
    say "error: $label: failed after $((SECONDS - started)) s with status $status"
  fi
  rm -f "$log"
  return "$status"
}
