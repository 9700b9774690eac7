#!/usr/bin/env bash
# Runs both commands of the README on a fresh Debian 12 with nothing installed but git: in a chroot
# that debootstrap makes in a temporary folder, from a clone of what is committed here.
#
#   tests/fresh.sh [--quickstart-only] [--keep]
#
# Needs root, debootstrap, and a mirror: that of this machine's apt, with its proxy settings.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)

quickstart_only=0 keep=0
for option in "$@"; do
  case $option in
    --quickstart-only) quickstart_only=1 ;;
    --keep) keep=1 ;;
    -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
    *) echo "fresh.sh: unknown option '$option'" >&2; exit 64 ;;
  esac
done
[[ $(id -u) == 0 ]] || { echo "fresh.sh: needs root" >&2; exit 1; }
command -v debootstrap >/dev/null || { echo "fresh.sh: needs debootstrap" >&2; exit 1; }

chroot_dir=$(mktemp -d -t poolkeeper-fresh.XXXXXX)
chmod 755 "$chroot_dir"  # it becomes "/", which everybody may pass
clean_up() {
  local mounted
  for mounted in dev proc; do
    ! mountpoint -q "$chroot_dir/$mounted" || umount -l "$chroot_dir/$mounted"
  done
  rm -f "$chroot_dir.log"
  if [[ $keep == 1 ]]; then
    echo "fresh.sh: kept $chroot_dir"
  else
    rm -rf --one-file-system "$chroot_dir"  # never into a mount that stayed
  fi
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

inside() { chroot "$chroot_dir" /usr/bin/env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
timed() {  # timed NAME COMMAND...
  local name=$1 started=$SECONDS code=0
  shift
  echo "== $name"
  "$@" || code=$?
  echo "== $name: exit $code after $((SECONDS - started)) s"
  return "$code"
}

# --- The machine --------------------------------------------------------------------------------

# The sources of bookworm that apt has here, as "deb URI SUITE COMPONENT" lines.
sources=$(apt-get indextargets --format 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
  grep -E ' bookworm(-updates|-security)? main$' | sort -u)
mirror=$(awk '$3 == "bookworm" {print $2; exit}' <<<"$sources")
[[ -n $mirror ]] || { echo "fresh.sh: apt has no source of bookworm on this machine" >&2; exit 1; }

make_machine() {
  debootstrap --variant=minbase --include=git bookworm "$chroot_dir" "$mirror" >"$chroot_dir.log" 2>&1 ||
    { tail -n 20 "$chroot_dir.log" >&2; return 1; }
  printf '%s\n' "$sources" >"$chroot_dir/etc/apt/sources.list"
  # Proxies, and the files (certificates) that they name.
  local settings file
  settings=$(apt-config dump | grep -E '^Acquire::https?::') || true
  printf '%s\n' "$settings" >"$chroot_dir/etc/apt/apt.conf.d/90host"
  while IFS= read -r file; do
    [[ ! -f $file ]] || cp --parents "$file" "$chroot_dir"
  done < <(grep -oE '"/[^"]+"' <<<"$settings" | tr -d '"')
  cp -L /etc/resolv.conf /etc/hosts "$chroot_dir/etc/"
  mount -t proc proc "$chroot_dir/proc"
  mount --rbind /dev "$chroot_dir/dev"
  mount --make-rslave "$chroot_dir/dev"
}
timed "debootstrap" make_machine

branch=$(git -C "$root" symbolic-ref --short -q HEAD) || branch=""
git -C "$root" bundle create -q "$chroot_dir/tmp/poolkeeper.bundle" HEAD $branch
timed "git clone" inside git -c advice.detachedHead=false clone -q /tmp/poolkeeper.bundle /root/poolkeeper
[[ -z $(git -C "$root" status --porcelain) ]] || echo "   (what is not committed here is not tried)"

# --- The two commands ---------------------------------------------------------------------------

timed "deploy/quickstart.sh --exit" inside sh -c 'cd /root/poolkeeper && deploy/quickstart.sh --exit'
[[ $quickstart_only == 1 ]] ||
  timed "tests/run.sh" inside sh -c 'cd /root/poolkeeper && tests/run.sh'
left=$(inside sh -c 'ls /tmp; ls /proc' | grep -c quickstart) || true
[[ $left == 0 ]] || { echo "fresh.sh: the quick start left files behind"; exit 1; }
echo "fresh.sh: done"
