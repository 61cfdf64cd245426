# The worker with an ssh, for repositories over SFTP: `hack/images worker-sftp`. Whoever names this image to the controller allows them.
ARG WORKER
FROM ${WORKER}
USER 0:0
RUN apt-get update \
 && apt-get install --yes --no-install-recommends openssh-client libnss-wrapper \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
COPY Walle.Worker/ssh-as-any-user /usr/local/bin/ssh
USER 65532:65532
