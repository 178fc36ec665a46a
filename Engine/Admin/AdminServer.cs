using System.Net.Sockets;
using Engine.Daemon;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Engine.Admin;

/// <summary>The admin interface: HTTP and JSON on a Unix socket. Whoever may open the socket may do everything; its mode is 0660.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private const UnixFileMode SocketMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    // Orders under way when the daemon stops; it is waited for before mail stops, so not long.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly WebApplication _application;
    private readonly string _path;

    private AdminServer(WebApplication application, string path) => (_application, _path) = (application, path);

    /// <exception cref="IOException">The socket cannot be made, or another daemon answers on it.</exception>
    public static async Task<AdminServer> StartAsync(EngineHost host, ILoggerFactory loggers, CancellationToken stop)
    {
        var path = host.Snapshot.PathTo(host.Snapshot.Options.Admin.Socket);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await ClearAsync(path, stop).ConfigureAwait(false);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Services.AddSingleton(loggers);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ListenUnixSocket(path);
        });
        var application = builder.Build();
        application.Use(Refusals.AnswerAsync);
        StatusApi.Map(application, host);
        QueueApi.Map(application, host);
        TransferApi.Map(application, host);
        SpoolApi.Map(application, host);
        SpoolApi.MapCompaction(application, host.Queue);
        ControlApi.Map(application, host);
        WhyApi.Map(application, host);
        ExplainApi.Map(application, host);
        SourceApi.Map(application, host);
        WarmupApi.Map(application, host);
        ProviderApi.Map(application, host);
        ProbeApi.Map(application, host);
        SuppressionApi.Map(application, host);
        SuppressionBulkApi.Map(application, host);
        new SenderApi(host.Parts.Current, host.Overrides, host.Events, host.Parts.Senders, TimeProvider.System).Map(application);
        DkimApi.Map(application, host);
        FeedbackApi.Map(application, host.Parts.Inbound.Shelf);
        DomainApi.Map(application, host.Parts.Current, host.Parts.Domains);
        TlsReportApi.Map(application, host.Parts.TlsReports.Book, () => host.Parts.TlsReports.Terms);
        SeedApi.Map(application, host.Parts.Seeds.Desk, host.Events, TimeProvider.System);
        BlocklistApi.Map(application, host.Parts.Traffic.Lists.Report);
        await application.StartAsync(stop).ConfigureAwait(false);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, SocketMode);
        }

        return new AdminServer(application, path);
    }

    /// <summary>Lets requests under way end, for a moment.</summary>
    public async ValueTask DisposeAsync()
    {
        using (var patience = new CancellationTokenSource(Patience, TimeProvider.System))
        {
            await _application.StopAsync(patience.Token).ConfigureAwait(false);
        }

        await _application.DisposeAsync().ConfigureAwait(false);
        File.Delete(_path);
    }

    // A path left by a killed daemon is removed; one on which somebody answers is not ours to take.
    private static async Task ClearAsync(string path, CancellationToken stop)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop).ConfigureAwait(false);
        }
        catch (SocketException fault) when (fault.SocketErrorCode is SocketError.ConnectionRefused)
        {
            File.Delete(path);
            return;
        }
        catch (SocketException fault)
        {
            throw new IOException($"admin.socket: {path} is there and is no socket of ours: {fault.Message}", fault);
        }

        throw new IOException($"another daemon answers on {path}");
    }
}
