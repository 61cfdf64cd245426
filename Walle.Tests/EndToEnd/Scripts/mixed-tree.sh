#!/bin/bash
# Fills a folder with 2,000 files as found on real volumes: owners and modes of all kinds, links, holes, attributes, odd names. The same bytes each time.
set -euo pipefail
cd "$1"
uids=(0 999 1000 10000)
modes=(0644 0600 0000 0755 0640 4755)
for d in $(seq 0 19); do
  mkdir -p "dir-$d"
  for f in $(seq 0 94); do
    printf 'file %d of folder %d\n%s\n' "$f" "$d" "$(printf '%0*d' $(( (f * 37 + d) % 900 + 1 )) "$f")" > "dir-$d/file-$f"
  done
done
i=0
find dir-* -type f | LC_ALL=C sort | while read -r file; do
  chown "${uids[i % 4]}:${uids[(i / 4) % 4]}" "$file"
  chmod "${modes[i % 6]}" "$file"
  i=$((i + 1))
done
mkdir setgid sticky empty-folder closed
chown 999:1000 setgid; chmod 2775 setgid; chmod 1777 sticky
echo inside > closed/file; chmod 0000 closed/file closed
mkdir links odd
ln -s ../dir-0/file-0 links/relative; ln -s /etc/hostname links/absolute; ln -s nowhere links/dangling
chown -h 1000:999 links/dangling
for n in $(seq 0 9); do ln "dir-1/file-$n" "links/hard-$n"; done
: > odd/empty
truncate -s 5M odd/hole; printf 'after the hole' >> odd/hole
head -c 300000 /dev/zero | tr '\0' 'x' > odd/large
printf 'a' > "odd/$(printf 'ünïcödé-文件-\xf0\x9f\x98\x80')"
printf 'b' > "odd/with space and 'quotes\""
printf 'c' > "odd/-leading-dash"
printf 'd' > "odd/$(printf 'new\nline')"
printf 'e' > "odd/$(printf 'a%.0s' $(seq 250))"
for n in $(seq 0 84); do printf '%d' "$n" > "odd/more-$n"; done
setfattr -n user.comment -v 'kept by the backup' odd/empty
setfattr -n user.binary -v 0x00ff10 dir-0/file-1
find . -mindepth 1 -not -name lost+found -exec touch -h -d '2026-01-02 03:04:05.678901234' {} +
sync -f .
