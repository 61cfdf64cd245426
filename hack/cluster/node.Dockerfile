# The node image. Build context: node-entrypoint.sh, pause.tar and the five Kubernetes binaries.
ARG BASE
FROM ${BASE}
COPY kube-apiserver kube-controller-manager kube-scheduler kubelet kube-proxy /usr/local/bin/
COPY pause.tar /pause.tar
COPY node-entrypoint.sh /usr/local/bin/node-entrypoint.sh
VOLUME ["/var/lib/containerd", "/var/lib/kubelet", "/var/lib/walle-k8s"]
ENTRYPOINT ["/usr/local/bin/node-entrypoint.sh"]
