namespace Walle.CsiNode;

/// <summary>
/// The node half of a CSI driver: a volume is a folder below the volumes folder, made by the storage double, and publishing it is a bind mount.
/// </summary>
internal sealed class CsiDriver(string name, string volumesFolder, string endpoint)
{
    private const string Node = "/csi.v1.Node/";
    private const string Identity = "/csi.v1.Identity/";
    private const string Registration = "/pluginregistration.Registration/";

    public byte[] Answer(string path, List<ProtoField> request) => path switch
    {
        Registration + "GetInfo" => ProtoMessage.Write((1, "CSIPlugin"), (2, name), (3, endpoint), (4, "1.0.0")),
        Registration + "NotifyRegistrationStatus" => LogRegistration(request),
        Identity + "GetPluginInfo" => ProtoMessage.Write((1, name), (2, "1.0.0")),
        Identity + "Probe" or Identity + "GetPluginCapabilities" or Node + "NodeGetCapabilities" => [],
        Node + "NodeGetInfo" => ProtoMessage.Write((1, "node")),
        Node + "NodePublishVolume" => Publish(request.Text(1), request.Text(4), request.Flag(6)),
        Node + "NodeUnpublishVolume" => Unpublish(request.Text(2)),
        _ => throw new GrpcException(GrpcStatus.Unimplemented, $"{name} has no {path}"),
    };

    private byte[] Publish(string volume, string target, bool readOnly)
    {
        if (volume.Length == 0 || volume.Contains('/', StringComparison.Ordinal) || target.Length == 0)
            throw new GrpcException(GrpcStatus.InvalidArgument, $"volume '{volume}' to '{target}'");
        var source = Path.Combine(volumesFolder, volume);
        if (!Directory.Exists(source))
            throw new GrpcException(GrpcStatus.NotFound, $"volume {volume} does not exist: {source} is missing");
        Directory.CreateDirectory(target);
        // The call may come twice for one target.
        Mount.Unmount(target);
        Mount.Bind(source, target, readOnly);
        return [];
    }

    private static byte[] Unpublish(string target)
    {
        Mount.Unmount(target);
        if (Directory.Exists(target))
            Directory.Delete(target);
        return [];
    }

    private byte[] LogRegistration(List<ProtoField> request)
    {
        Console.WriteLine($"{name}: registered={request.Flag(1)} {request.Text(2)}");
        return [];
    }
}
