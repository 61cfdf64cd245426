# An SFTP server, for tests. Keys and configuration are mounted at /ssh, and the repositories lie below /srv.
FROM debian:trixie-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends openssh-server \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/* /etc/ssh/ssh_host_* \
 && install -d /run/sshd
ENTRYPOINT ["/usr/sbin/sshd", "-D", "-e", "-f", "/ssh/sshd_config"]
