using System.Text.Json.Nodes;
using Walle.Crds;
using Walle.Crds.Schema;

namespace Walle.Tests.Crds;

/// <summary>Valid objects that together set every field of every spec (a test proves it): what other tests copy, break and send.</summary>
internal static class Samples
{
    private const string Options =
        """
        {
          "excludes": ["*.tmp", "/lost+found"], "excludeCaches": true, "tags": ["before-upgrade"], "compression": "max", "limitUploadKiBps": 100,
          "skipIfUnchanged": true, "changeDetection": "Strict", "fullReadEvery": 30, "volumeSnapshotClassName": "fast.example.com",
          "snapshotTimeoutSeconds": 60, "bindTimeoutSeconds": 61, "startTimeoutSeconds": 62, "activeDeadlineSeconds": 63, "retryLimit": 0,
          "ttlSecondsAfterFinished": 0, "clone": {"storageClassName": "fast", "accessModes": ["ReadOnlyMany"], "size": "10Gi"}, "allowEmpty": true,
          "worker": {
            "resources": {"requests": {"cpu": "500m"}, "limits": {"memory": "2Gi"}}, "nodeSelector": {"kubernetes.io/arch": "amd64"},
            "tolerations": [{"key": "dedicated", "operator": "Exists"}], "affinity": {"nodeAffinity": {}}, "priorityClassName": "low",
            "securityProfile": "Restricted", "runAsUser": 999, "runAsGroup": 0, "supplementalGroups": [5000], "imagePullSecrets": [{"name": "registry"}],
            "podLabels": {"team": "shop"}, "podAnnotations": {"note": "x"}
          }
        }
        """;

    private const string Schedule =
        $$"""
        {
          "schedule": "H 2 * * *", "timeZone": "Europe/Berlin", "suspend": true, "startingDeadlineSeconds": 3600, "concurrencyPolicy": "Replace",
          "selectors": [{
            "kind": "StatefulSet", "names": ["db"], "storageClassNames": ["fast"], "options": {{Options}},
            "labelSelector": {"matchLabels": {"app": "db"}, "matchExpressions": [{"key": "example.com/tier", "operator": "In", "values": ["gold"]}]}
          }],
          "repository": {"secretRef": {"name": "restic-repo"}, "volume": {"claimName": "nas"}, "maintenanceSecretRef": {"name": "may-delete"}, "initialize": "Never"}, "options": {{Options}},
          "retention": {
            "keepLast": 3, "keepHourly": 24, "keepDaily": 7, "keepWeekly": 5, "keepMonthly": 12, "keepYearly": 3, "keepWithin": "14d", "keepTags": ["pinned"], "minKeep": 2
          },
          "prune": {"schedule": "H 4 * * 0", "maxUnused": "10%", "maxRepackSize": "50G"}, "check": {"schedule": "@daily", "readDataParts": 30},
          "successfulJobsHistoryLimit": 4, "failedJobsHistoryLimit": 5, "rpo": "26h"
        }
        """;

    private const string Job =
        $$"""
        {"source": {"kind": "StatefulSet", "name": "db", "claimNames": ["data-db-0"]}, "repository": {"secretRef": {"name": "restic-repo"}, "volume": {"claimName": "nas"}, "initialize": "Never"}, "options": {{Options}}}
        """;

    private const string RestoreClaim =
        """
        {
          "repository": {"secretRef": {"name": "restic-repo"}, "volume": {"claimName": "nas"}}, "source": {"claimName": "data", "asOf": "2026-11-20T03:00:00Z", "namespace": "shop", "cluster": "prod-1"},
          "target": {"claimName": "data-restored", "create": {"storageClassName": "fast", "size": "10Gi", "accessModes": ["ReadWriteOnce"]}},
          "include": ["/etc"], "exclude": [], "deleteExtra": false, "overwrite": "Never", "verify": false,
          "options": {
            "limitDownloadKiBps": 100, "bindTimeoutSeconds": 61, "startTimeoutSeconds": 62, "activeDeadlineSeconds": 63, "retryLimit": 0, "ttlSecondsAfterFinished": 0,
            "worker": {
              "resources": {"requests": {"cpu": "500m"}, "limits": {"memory": "2Gi"}}, "nodeSelector": {"kubernetes.io/arch": "amd64"},
              "tolerations": [{"key": "dedicated", "operator": "Exists"}], "affinity": {"nodeAffinity": {}}, "priorityClassName": "low",
              "securityProfile": "Restricted", "runAsUser": 999, "runAsGroup": 0, "supplementalGroups": [5000], "imagePullSecrets": [{"name": "registry"}],
              "podLabels": {"team": "shop"}, "podAnnotations": {"note": "x"}
            }
          }
        }
        """;

    private const string RestoreDump =
        """
        {
          "repository": {"secretRef": {"name": "restic-repo"}}, "source": {"dump": "db/dump.sql", "previous": 2}, "target": {"claimName": "data"},
          "include": [], "exclude": ["*.log"], "deleteExtra": true, "overwrite": "IfChanged", "verify": true
        }
        """;

    private const string RestoreSnapshot =
        """
        {
          "repository": {"secretRef": {"name": "restic-repo"}}, "target": {"claimName": "data", "create": {}},
          "source": {"snapshotId": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}
        }
        """;

    private const string RestoreCommand =
        """
        {
          "repository": {"secretRef": {"name": "restic-repo"}}, "source": {"dump": "db/dump.sql"}, "target": {"exec": {"kind": "Deployment", "name": "db"}},
          "include": [], "exclude": [], "overwrite": "Never", "verify": false
        }
        """;

    /// <summary>Every sample, with the kind's type.</summary>
    public static IReadOnlyList<(Type Kind, JsonObject Object)> All { get; } =
    [
        Sample<Walle.Crds.V1.BackupSchedule>("schedule", Schedule), Sample<Walle.Crds.V1.BackupJob>("job", Job),
        Sample<Walle.Crds.V1.RestoreJob>("claim", RestoreClaim), Sample<Walle.Crds.V1.RestoreJob>("dump", RestoreDump),
        Sample<Walle.Crds.V1.RestoreJob>("snapshot", RestoreSnapshot), Sample<Walle.Crds.V1.RestoreJob>("command", RestoreCommand),
    ];

    /// <summary>The smallest valid object of a kind.</summary>
    public static JsonObject Smallest(Type kind) => Envelope(kind, "smallest", kind.Name switch
    {
        ApiGroup.BackupScheduleKind => """{"schedule": "@daily", "selectors": [{}], "repository": {"secretRef": {"name": "r"}}}""",
        ApiGroup.BackupJobKind => """{"source": {"name": "data"}, "repository": {"secretRef": {"name": "r"}}}""",
        _ => """{"repository": {"secretRef": {"name": "r"}}, "source": {"claimName": "data"}, "target": {"claimName": "data"}}""",
    });

    /// <summary>The type of a kind.</summary>
    public static Type Kind(string name) => CustomResourceDefinitions.Kinds.Single(kind => kind.Name == name);

    private static (Type Kind, JsonObject Object) Sample<T>(string name, string spec) => (typeof(T), Envelope(typeof(T), name, spec));

    private static JsonObject Envelope(Type kind, string name, string spec) => new()
    {
        ["apiVersion"] = ApiGroup.ApiVersion,
        ["kind"] = kind.Name,
        ["metadata"] = new JsonObject { ["name"] = name },
        ["spec"] = JsonNode.Parse(spec),
    };
}
