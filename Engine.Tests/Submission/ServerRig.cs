using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;
using Engine.Submission;
using Engine.Wire;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Submission;

/// <summary>A server on loopback with a store that collects, and a certificate of its own making where asked for.</summary>
internal sealed class ServerRig : IAsyncDisposable
{
    private readonly SubmissionMetrics _metrics = new();
    private readonly Authenticator _logins;
    private readonly string? _folder;

    private ServerRig(EngineOptions options, string? folder, SubmissionLimits limits, TimeProvider clock, DescriptorBudget descriptors, ILogger log)
    {
        _folder = folder;
        Current = new CurrentSnapshot(new Snapshot(options, folder ?? "."));
        var rules = new RulesInForce(Current);
        _logins = new Authenticator(rules, clock, parallel: 2);
        Blocks = new BlockPool(limits.ContentMemory);
        Server = new SubmissionServer(
            Current,
            new SessionParts(rules, _logins, Blocks, Store, () => new PlainSealer(), new IntakeLedger(Events, _metrics, clock), limits, clock, log) { Descriptors = descriptors });
    }

    public CurrentSnapshot Current { get; }

    public SubmissionServer Server { get; }

    public BlockPool Blocks { get; }

    public CollectingStore Store { get; } = new();

    public CollectedEvents Events { get; } = new();

    public static async Task<ServerRig> StartAsync(
        EngineOptions? options = null,
        bool hasCertificate = false,
        SubmissionLimits? limits = null,
        TimeProvider? clock = null,
        DescriptorBudget? descriptors = null,
        ILogger? log = null)
    {
        var folder = hasCertificate ? WriteCertificate() : null;
        options ??= Sample.Options;
        options = hasCertificate ? options with { Tls = new TlsOptions { Certificate = "certificate.pem", Key = "key.pem" } } : options;
        var rig = new ServerRig(options, folder, limits ?? new SubmissionLimits(), clock ?? TimeProvider.System, descriptors ?? DescriptorBudget.Unlimited, log ?? NullLogger.Instance);
        await rig.Server.StartAsync();
        return rig;
    }

    public static EngineOptions With(ListenerOptions listener, string name = "submission") =>
        Sample.Options with { Listeners = new Dictionary<string, ListenerOptions> { [name] = listener } };

    public IPEndPoint EndPoint(string listener = "submission") => Server.BoundEndPoints.First(bound => bound.Name == listener).EndPoint;

    /// <summary>Connects and reads the greeting.</summary>
    public async Task<ScriptedClient> ConnectAsync(CancellationToken stop, string listener = "submission")
    {
        var client = await ScriptedClient.ConnectAsync(EndPoint(listener), stop);
        Assert.That(await client.ReplyAsync(), Does.StartWith("220 mta1.example.com ESMTP"));
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _logins.Dispose();
        _metrics.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Another certificate stands in the files, and a reload.</summary>
    public void Renew()
    {
        WriteCertificate(_folder!);
        Current.Swap(new Snapshot(Current.Value.Options, _folder!));
    }

    private static string WriteCertificate(string? folder = null)
    {
        folder ??= Directory.CreateTempSubdirectory("engine-submission-").FullName;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=mta1.example.com", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        File.WriteAllText(Path.Join(folder, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Join(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return folder;
    }
}
