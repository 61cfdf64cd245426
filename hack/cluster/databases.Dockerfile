# PostgreSQL and Redis from Debian's packages, for the tests of docs/hooks.md: as far as these need it, a stand-in for the official images.
FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends postgresql redis-server \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /var/lib/postgresql/* \
 && ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ 2>/dev/null; postgres --version && redis-server --version
COPY hack/cluster/databases-entrypoint.sh /usr/local/bin/docker-entrypoint.sh
ENTRYPOINT ["/usr/local/bin/docker-entrypoint.sh"]
CMD ["postgres"]
