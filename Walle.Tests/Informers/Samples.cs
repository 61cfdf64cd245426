namespace Walle.Tests.Informers;

/// <summary>Objects as a kube-apiserver writes them, with fields that Walle does not know in every place.</summary>
internal static class Samples
{
    public const string Claim = """
        {"kind":"PersistentVolumeClaim","apiVersion":"v1","metadata":{"name":"data-web-0","namespace":"shop","uid":"0a1b2c3d-0001-4002-8003-000000000004",
        "resourceVersion":"4711","creationTimestamp":"2026-11-20T03:00:00Z","deletionTimestamp":"2026-11-21T03:00:00Z","deletionGracePeriodSeconds":0,
        "labels":{"tier":"gold","app":"web \"1\" \u00e4\ud83d\ude00","ros.io/owner-uid":"owner-1","app.kubernetes.io/managed-by":"walle"},
        "annotations":{"huge":"@HUGE@","pv.kubernetes.io/bind-completed":"yes","name":"not the name"},
        "ownerReferences":[{"apiVersion":"v1","kind":"Other","name":"o","uid":"not-me"},{"apiVersion":"ros.io/v1","kind":"BackupJob","name":"b","uid":"controller-1","controller":true,"blockOwnerDeletion":false}],
        "finalizers":["kubernetes.io/pvc-protection"],
        "managedFields":[{"manager":"kubectl","operation":"Update","apiVersion":"v1","time":"2026-11-20T03:00:00Z","fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:labels":{".":{},"f:app":{}}},"f:spec":{"f:volumeName":{}}}}],
        "futureField":{"deep":[[{"x":null}],1e-7,true]}},
        "spec":{"accessModes":["ReadWriteOnce"],"selector":{"matchLabels":{"name":"no"}},"resources":{"limits":{"storage":"9Gi"},"requests":{"storage":"1Gi","future":"2"}},
        "volumeName":"pvc-0a1b2c3d-0001-4002-8003-000000000004","storageClassName":"fast","volumeMode":"Filesystem","dataSourceRef":{"kind":"VolumeSnapshot","name":"x"}},
        "status":{"phase":"Bound","accessModes":["ReadWriteOnce"],"capacity":{"storage":"1Gi"},"conditions":[{"type":"Resizing","status":"False"}]}}
        """;

    public const string Job = """
        {"metadata":{"name":"walle-1","namespace":"shop","uid":"0a1b2c3d-0001-4002-8003-000000000005","resourceVersion":"12","creationTimestamp":"2026-11-20T03:00:00Z",
        "labels":{"ros.io/verb":"backup","ros.io/owner-uid":"owner-1"},"ownerReferences":[{"uid":"controller-1","controller":true}]},
        "spec":{"template":{"metadata":{"name":"no","labels":{"ros.io/verb":"no"}},"spec":{"containers":[{"name":"worker"}]}},"completions":1},
        "status":{"conditions":[{"type":"FailureTarget","status":"True","reason":"no","message":"no"},{"type":"Complete","status":"False"},
        {"type":"Failed","status":"True","lastProbeTime":null,"reason":"DeadlineExceeded","message":"Job was active longer than \"specified\" deadline"}],"failed":1,"uncountedTerminatedPods":{}}}
        """;

    public const string Pod = """
        {"metadata":{"name":"walle-1-x","namespace":"shop","uid":"0a1b2c3d-0001-4002-8003-000000000006","resourceVersion":"13",
        "labels":{"ros.io/owner-uid":"owner-1"},"ownerReferences":[{"uid":"job-1","controller":true}]},
        "spec":{"containers":[{"name":"a-sidecar"},{"name":"worker","terminationMessagePath":"/dev/termination-log"}],"nodeName":"n1"},
        "status":{"phase":"Failed","reason":"Evicted","message":"The node was low on memory.",
        "conditions":[{"type":"DisruptionTarget","status":"True"},{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1 nodes are available"}],
        "containerStatuses":[{"name":"a-sidecar","state":{"running":{"startedAt":"2026-11-20T02:00:00Z"}}},
        {"name":"worker","lastState":{"terminated":{"exitCode":77,"message":"no"}},"restartCount":0,
        "state":{"waiting":{"reason":"ImagePullBackOff","message":"Back-off pulling"},"terminated":{"exitCode":3,"signal":0,"reason":"Error","message":"{\"version\":1}\n","startedAt":"2026-11-20T03:00:00Z","finishedAt":"2026-11-20T03:00:09Z"}}}]}}
        """;

    public const string Snapshot = """
        {"apiVersion":"snapshot.storage.k8s.io/v1","kind":"VolumeSnapshot","metadata":{"name":"walle-s","namespace":"shop","uid":"0a1b2c3d-0001-4002-8003-000000000007","resourceVersion":"14",
        "labels":{"ros.io/owner-uid":"owner-1"}},"spec":{"source":{"persistentVolumeClaimName":"data-web-0"},"volumeSnapshotClassName":"csi"},
        "status":{"boundVolumeSnapshotContentName":"snapcontent-1","creationTime":"2026-11-20T03:00:01Z","readyToUse":true,"restoreSize":"1Gi","error":{"time":"2026-11-20T03:00:00Z","message":"rpc error: code = Internal"}}}
        """;

    public const string BackupJob = """
        {"apiVersion":"ros.io/v1","kind":"BackupJob","metadata":{"name":"nightly-1","namespace":"shop","uid":"0a1b2c3d-0001-4002-8003-000000000008","resourceVersion":"15","generation":1,
        "finalizers":["ros.io/cleanup"],"managedFields":[{"manager":"kubectl","fieldsV1":{"f:spec":{}}}]},
        "spec":{"source":{"kind":"PersistentVolumeClaim","name":"data-web-0"},"repository":{"secretRef":{"name":"restic-repo"}},"options":{"retryLimit":4},"future":{"a":[1]}},
        "status":{"phase":"Uploading","startTime":"2026-11-20T03:00:00Z","volumes":[{"claimName":"data-web-0","filesNew":3}],"conditions":[]}}
        """;
}
