#!/bin/bash
# Everything that a restore must bring back: type, mode, owner, time, size, links of each path, then all contents, then all attributes.
# The root itself and the file system's own lost+found are left out. Sizes and link counts of folders are the file system's own affair.
set -euo pipefail
cd "$1"
list() { find . -mindepth 1 -path ./lost+found -prune -o "$@"; }
{ list -type d -printf '%p\t%y\t%m\t%U:%G\t%T@\0'; list -not -type d -printf '%p\t%y\t%m\t%U:%G\t%T@\t%s\t%n\t%l\0'; } | LC_ALL=C sort -z | tr '\n\0' '\1\n'
list -type f -print0 | LC_ALL=C sort -z | xargs -0r sha256sum
list -not -type l -print0 | LC_ALL=C sort -z | xargs -0r getfattr -h -d -m - -e hex
