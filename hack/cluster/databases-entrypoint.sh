#!/bin/sh
# As the official images do: `postgres` makes a database in $PGDATA, with the password in $POSTGRES_PASSWORD, and runs it as user postgres; anything
# else, such as redis-server, is run as it is.
set -eu
[ "$1" = postgres ] || exec "$@"
PGDATA=${PGDATA:-/var/lib/postgresql/data}
mkdir -p "$PGDATA" /run/postgresql; chown postgres "$PGDATA" /run/postgresql; chmod 700 "$PGDATA"
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups "$@"; }
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  printf %s "$POSTGRES_PASSWORD" > /tmp/password; chmod 644 /tmp/password
  as_postgres initdb -D "$PGDATA" --auth-local=trust --auth-host=scram-sha-256 --pwfile=/tmp/password >/dev/null
  rm /tmp/password
fi
exec setpriv --reuid=postgres --regid=postgres --init-groups "$@" -D "$PGDATA"
