#!/usr/bin/env bash
# Debian packages for the offline path. Sourced by its siblings; every function is safe to call twice.

say() { printf '\033[1m[walle %s]\033[0m %s\n' "$(date +%H:%M:%S)" "$*" >&2; }
fail() { printf 'walle: %s\n' "$*" >&2; exit 2; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# The machine's own Debian entries, and only those: a third-party list that does not answer must not stop the build.
APT_LISTS=${WALLE_CACHE:-$HOME/.cache/walle}/apt
apt_sources() {
  local own=/etc/apt/sources.list.d/debian.sources
  [ -f "$own" ] || fail "$own is missing: the offline cluster is built from Debian packages and needs Debian 12 or newer"
  mkdir -p "$APT_LISTS"
  sed 's/^Types: deb$/Types: deb deb-src/' "$own" > "$APT_LISTS/walle.sources"
  # Trixie holds restic 0.18; priority 50 keeps everything else at the machine's own release.
  sed -n '/^Types:/,/^$/p' "$own" | awk 'BEGIN{RS=""} NR==1' | sed 's/^Suites:.*/Suites: trixie/' > "$APT_LISTS/trixie.sources"
  cat "$APT_LISTS/walle.sources" > "$APT_LISTS/all.sources"; printf '\n' >> "$APT_LISTS/all.sources"; cat "$APT_LISTS/trixie.sources" >> "$APT_LISTS/all.sources"
  printf 'Package: *\nPin: release n=trixie\nPin-Priority: 50\n' > "$APT_LISTS/preferences"
}
apt_walle() {
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dir::Etc::sourcelist="$APT_LISTS/all.sources" -o Dir::Etc::sourceparts=- \
    -o Dir::Etc::preferences="$APT_LISTS/preferences" -o APT::Get::List-Cleanup=0 -o Dpkg::Use-Pty=0 -o APT::Sandbox::User=root "$@"
}
apt_update_once() {
  local stamp=$APT_LISTS/updated
  [ -n "$(find "$stamp" -mmin -240 2>/dev/null)" ] && return
  apt_sources; apt_walle update >&2; touch "$stamp"
}
# install_packages [-t suite] NAME...
install_packages() {
  local target=()
  if [ "$1" = -t ]; then target=(-t "$2"); shift 2; fi
  local missing=()
  for p in "$@"; do dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q 'install ok installed' || missing+=("$p"); done
  [ ${#missing[@]} = 0 ] && return
  apt_update_once
  say "installing ${missing[*]}"
  apt_walle install -y --no-install-recommends "${target[@]}" "${missing[@]}" >&2
}
