# restic's REST server, for tests and the demo: a repository that a Pod reaches over the network. No TLS, no password: never use it for real.
FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends restic-rest-server \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* \
 && install -d -o 65532 -g 65532 /data
USER 65532:65532
EXPOSE 8000
ENTRYPOINT ["/usr/bin/restic-rest-server", "--path", "/data", "--no-auth"]
