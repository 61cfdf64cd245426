using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Walle.CsiNode;

// The node plugin of the storage double's CSI drivers: one process for all of them, one socket for each of kubelet's two questions.
if (args.Length < 3)
{
    await Console.Error.WriteLineAsync("usage: Walle.CsiNode <kubelet's folder> <folder of volumes> <driver name>...");
    return 2;
}

var (kubelet, volumes) = (args[0], args[1]);
var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
builder.WebHost.UseKestrelCore();
builder.WebHost.ConfigureKestrel(kestrel =>
{
    foreach (var name in args[2..])
    {
        var endpoint = Path.Combine(kubelet, "plugins", name, "csi.sock");
        var driver = new CsiDriver(name, volumes, endpoint);
        Listen(kestrel, endpoint, driver);
        // Kubelet watches this folder: the driver is registered as soon as its socket appears, so it comes second.
        Listen(kestrel, Path.Combine(kubelet, "plugins_registry", name + "-reg.sock"), driver);
    }
});
var application = builder.Build();
application.Run(context => GrpcEndpoint.ServeAsync(context, ((CsiDriver)context.Features.GetRequiredFeature<IConnectionItemsFeature>().Items[nameof(CsiDriver)]!).Answer));
await application.RunAsync();
return 0;

static void Listen(KestrelServerOptions kestrel, string socket, CsiDriver driver)
{
    Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
    File.Delete(socket);
    kestrel.ListenUnixSocket(socket, options =>
    {
        options.Protocols = HttpProtocols.Http2;
        options.Use(FramePatcher.Use);
        options.Use(next => connection =>
        {
            connection.Items[nameof(CsiDriver)] = driver;
            return next(connection);
        });
    });
}
