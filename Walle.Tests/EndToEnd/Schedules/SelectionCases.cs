namespace Walle.Tests.EndToEnd.Schedules;

/// <summary>Of <see cref="SelectionInventory"/>.</summary>
internal static class SelectionCases
{
    private const string Fit = "PersistentVolumeClaim/big PersistentVolumeClaim/data-set-0 PersistentVolumeClaim/data-set-1 PersistentVolumeClaim/data-set-9 PersistentVolumeClaim/db PersistentVolumeClaim/web";

    public static readonly IReadOnlyList<SelectionCase> All =
    [
        new("everything", "{}", Fit, "quiet: OptedOut, no-class: SnapshotClassMissing, pending: SourceNotBound"),
        new("kind alone is everything", """{"kind": "PersistentVolumeClaim"}""", Fit),
        new("matchLabels", """{"labelSelector": {"matchLabels": {"app": "web"} } }""", "PersistentVolumeClaim/big PersistentVolumeClaim/web", "db: NotSelected, no-class: SnapshotClassMissing"),
        new("two matchLabels, both hold", """{"labelSelector": {"matchLabels": {"app": "web", "size": "big"} } }""", "PersistentVolumeClaim/big", "web: NotSelected"),
        new("a label with a prefix", """{"labelSelector": {"matchLabels": {"app.kubernetes.io/part-of": "shop"} } }""", "PersistentVolumeClaim/db"),
        new("In", """{"labelSelector": {"matchExpressions": [{"key": "app", "operator": "In", "values": ["db", "set"]}]} }""",
            "PersistentVolumeClaim/data-set-0 PersistentVolumeClaim/data-set-1 PersistentVolumeClaim/data-set-9 PersistentVolumeClaim/db"),
        new("NotIn, also without the label", """{"labelSelector": {"matchExpressions": [{"key": "size", "operator": "NotIn", "values": ["big"]}]}, "names": ["big", "db", "web"]}""",
            "PersistentVolumeClaim/db PersistentVolumeClaim/web", "big: NotSelected"),
        new("Exists", """{"labelSelector": {"matchExpressions": [{"key": "size", "operator": "Exists"}]} }""", "PersistentVolumeClaim/big"),
        new("DoesNotExist", """{"labelSelector": {"matchExpressions": [{"key": "app", "operator": "DoesNotExist"}]} }""", "", "web: NotSelected"),
        new("labels and expressions, both hold", """{"labelSelector": {"matchLabels": {"app": "web"}, "matchExpressions": [{"key": "size", "operator": "DoesNotExist"}]} }""", "PersistentVolumeClaim/web", "no-class: SnapshotClassMissing"),
        new("empty labelSelector is everything", """{"labelSelector": {} }""", Fit),
        new("names", """{"names": ["db", "web"]}""", "PersistentVolumeClaim/db PersistentVolumeClaim/web", "big: NotSelected"),
        new("a name that does not exist", """{"names": ["nobody"]}""", ""),
        new("names and labels, both hold", """{"names": ["db", "web"], "labelSelector": {"matchLabels": {"app": "db"} } }""", "PersistentVolumeClaim/db", "web: NotSelected"),
        new("storage class", """{"storageClassNames": ["block-immediate"]}""", "PersistentVolumeClaim/big", "db: NotSelected"),
        new("two storage classes", """{"storageClassNames": ["block-immediate", "no-class-immediate"]}""", "PersistentVolumeClaim/big", "no-class: SnapshotClassMissing"),
        new("a storage class that nobody has", """{"storageClassNames": ["other"]}""", "", "db: NotSelected"),
        new("first match wins", """{"names": ["db"], "options": {"tags": ["first"]} }, {"labelSelector": {"matchLabels": {"app": "db"} } }""", "PersistentVolumeClaim/db"),
        new("in the order of the selectors", """{"names": ["web"]}, {"names": ["big"]}""", "PersistentVolumeClaim/web PersistentVolumeClaim/big"),
        new("Deployment", """{"kind": "Deployment", "names": ["web"]}""", "Deployment/web[big,web]", "db: NotSelected"),
        new("Deployment by its own labels", """{"kind": "Deployment", "labelSelector": {"matchLabels": {"role": "front"} } }""", "Deployment/web[big,web]"),
        new("Deployment without claims", """{"kind": "Deployment", "names": ["empty"]}""", "", "empty: NothingToBackUp"),
        new("Deployment with a dump alone", """{"kind": "Deployment", "names": ["dump"]}""", "Deployment/dump[]"),
        new("Deployment opted out, on the template", """{"kind": "Deployment", "names": ["private"]}""", "", "private: OptedOut"),
        new("a claim kept out by its workload stays out of later selectors", """{"kind": "Deployment", "names": ["private"]}, {"names": ["db"]}""", "", "private: OptedOut"),
        new("claims of a workload, those of one storage class", """{"kind": "Deployment", "names": ["web"], "storageClassNames": ["file-immediate"]}""", "Deployment/web[web]", "big: NotSelected"),
        new("workload first, the rest by claims", """{"kind": "Deployment", "names": ["web"]}, {"labelSelector": {"matchLabels": {"app": "web"} } }""", "Deployment/web[big,web]", "no-class: SnapshotClassMissing"),
        new("claims first, the workload has the rest", """{"names": ["web"]}, {"kind": "Deployment", "names": ["web"]}""", "PersistentVolumeClaim/web Deployment/web[big]"),
        new("claims first, and nothing is left", """{"names": ["web", "big"]}, {"kind": "Deployment", "names": ["web"]}""", "PersistentVolumeClaim/big PersistentVolumeClaim/web"),
        new("StatefulSet, also what it is scaled down from", """{"kind": "StatefulSet"}""", "StatefulSet/set[data-set-0,data-set-1,data-set-9]", "web: NotSelected"),
        new("DaemonSet", """{"kind": "DaemonSet"}""", "DaemonSet/agent[db]"),
        new("Pod", """{"kind": "Pod", "labelSelector": {"matchLabels": {"app": "reader"} } }""", "Pod/reader[db]"),
        new("Pod without claims", """{"kind": "Pod", "names": ["bare"]}""", "", "bare: NothingToBackUp"),
        new("a claim opted out of its workload", """{"kind": "Pod", "names": ["mixed"]}""", "Pod/mixed[web]", "quiet: OptedOut"),
        new("the same workload twice", """{"kind": "StatefulSet"}, {"kind": "StatefulSet", "names": ["set"]}""", "StatefulSet/set[data-set-0,data-set-1,data-set-9]"),
        new("two kinds that share a claim", """{"kind": "DaemonSet"}, {"kind": "Pod", "names": ["reader"]}""", "DaemonSet/agent[db]", "reader: AlreadySelected"),
    ];
}
