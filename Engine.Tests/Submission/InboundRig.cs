using System.Net;
using Engine.Configuration;
using Engine.Feedback.Reading;
using Engine.Feedback.Reports;
using Engine.Submission;
using Engine.Tests.Feedback.Reports;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Submission;

/// <summary>A feedback listener on loopback, in front of a <see cref="ReportRig"/>.</summary>
internal sealed class InboundRig : IAsyncDisposable
{
    private readonly SubmissionMetrics _metrics = new();
    private readonly Authenticator _logins;

    public InboundRig(string bind = "127.0.0.1:0", SubmissionLimits? limits = null, long memory = 64 << 20, double rate = 10, int burst = 1_000, Func<ReadOnlyMemory<byte>, MailReport>? read = null)
    {
        var inbound = new ListenerOptions { Bind = [bind], Role = ListenerRole.Feedback, Tls = ListenerTls.Off, MaxConnectionsPerClient = 2 };
        Reports = new ReportRig(change: options => options with { Listeners = new Dictionary<string, ListenerOptions> { ["inbound"] = inbound } }) { Read = read };
        limits ??= new SubmissionLimits();
        Rules = new RulesInForce(Reports.Current);
        _logins = new Authenticator(Rules, TimeProvider.System, parallel: 1);
        Blocks = new BlockPool(memory);
        Parts = new FeedbackParts(Reports.Door, Reports.Desk, Reports.Meter, new ClientBudget(rate, burst, Reports.Clock));
        Server = new SubmissionServer(
            Reports.Current,
            new SessionParts(Rules, _logins, Blocks, Store, () => new PlainSealer(), new IntakeLedger(Reports.Events, _metrics, TimeProvider.System), limits, TimeProvider.System, NullLogger.Instance) { Feedback = Parts });
    }

    public ReportRig Reports { get; }

    public RulesInForce Rules { get; }

    public FeedbackParts Parts { get; }

    public BlockPool Blocks { get; }

    public CollectingStore Store { get; } = new();

    public SubmissionServer Server { get; }

    public IPEndPoint EndPoint => Server.BoundEndPoints[0].EndPoint;

    /// <summary>The machine of a connection, without one.</summary>
    public FeedbackMachine Machine(bool canSecure = false, bool isTight = false) =>
        new(new ClientFacts(Rules.Value.Listeners["inbound"] with { Tls = canSecure ? ListenerTls.Starttls : ListenerTls.Off }, IPAddress.Parse("192.0.2.7"), 1, canSecure), Rules, Parts, () => isTight, new SubmissionLimits());

    /// <summary>Starts, connects and reads the greeting.</summary>
    public async Task<ScriptedClient> ConnectAsync(CancellationToken stop)
    {
        if (Server.BoundEndPoints.Count == 0)
        {
            await Server.StartAsync();
        }

        var client = await ScriptedClient.ConnectAsync(EndPoint, stop);
        Assert.That(await client.ReplyAsync(), Does.StartWith("220 mta1.example.com ESMTP"));
        _ = await client.AskAsync("EHLO mx.b.example");
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _logins.Dispose();
        _metrics.Dispose();
        Reports.Dispose();
    }
}
