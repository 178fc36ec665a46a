using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Tests.Peers;

namespace Engine.Tests.Journeys;

/// <summary>
/// A journey's world that hears what comes back: tokens, a feedback listener, complaints, unsubscription; and
/// account <c>demo</c> with a marketing stream <c>news</c>.
/// </summary>
internal sealed class FeedbackWorld : IAsyncDisposable
{
    public const string ReturnPath = "bounce.demo.test";

    public const string Complaints = "fbl@engine.demo.test";

    private readonly PeerPort? _own;
    private readonly PeerPort _inbound;
    private readonly PeerPort _web = PeerPort.Take();
    private EngineHost? _host;

    // A peer that must know where bounces go before it starts has taken the port itself.
    private FeedbackWorld(PeerPort? inbound) => _inbound = inbound ?? (_own = PeerPort.Take());

    public JourneyWorld World { get; private set; } = null!;

    public EngineHost Host => _host!;

    public JourneyEvents Events => new(_host!);

    /// <summary>Where bounces come in.</summary>
    public IPEndPoint Inbound => _inbound.EndPoint;

    /// <summary>The unsubscribe endpoint.</summary>
    public IPEndPoint Web => _web.EndPoint;

    /// <param name="routes">Domain → port on 127.0.0.1 that takes its mail.</param>
    /// <param name="adjust">Changes all else.</param>
    /// <param name="inbound">Where bounces come in; the caller's. Default a port of its own.</param>
    public static async Task<FeedbackWorld> StartAsync(IReadOnlyDictionary<string, int>? routes = null, Func<EngineOptions, EngineOptions>? adjust = null, PeerPort? inbound = null)
    {
        var world = new FeedbackWorld(inbound);
        try
        {
            world.World = await JourneyWorld.StartAsync(
                async (snapshot, clock, loggers, stop) => new HostedEngine(world._host = await EngineHost.StartAsync(snapshot, clock, loggers, stop)),
                adjust: options => adjust?.Invoke(world.Adjust(options, routes)) ?? world.Adjust(options, routes));
            return world;
        }
        catch
        {
            world.Free();
            throw;
        }
    }

    /// <summary>Submits a short message of shop@demo.test.</summary>
    /// <param name="rcpt">The recipient, or its path with parameters: <c>&lt;a@b.test&gt; NOTIFY=SUCCESS</c>.</param>
    /// <param name="stream">Its stream.</param>
    /// <param name="campaign">Its campaign.</param>
    public Task<string> SubmitAsync(string rcpt, string stream = "news", string campaign = "autumn") => RawClient.SendAsync(
        World.Engine.SubmissionEndPoints[0],
        World.Login,
        "<shop@demo.test>",
        rcpt.StartsWith('<') ? rcpt : $"<{rcpt}>",
        $"From: <shop@demo.test>\r\nTo: <reader@x.test>\r\nX-Engine-Stream: {stream}\r\nX-Engine-Campaign: {campaign}\r\nSubject: news\r\nMessage-ID: <{Guid.NewGuid():N}@demo.test>\r\n\r\nA short message.\r\n");

    public static string? Text(JsonElement line, string field) => JourneyEvents.Text(line, field);

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        Free();
    }

    private void Free()
    {
        _own?.Dispose();
        _web.Dispose();
    }

    private EngineOptions Adjust(EngineOptions options, IReadOnlyDictionary<string, int>? routes)
    {
        var key = Path.Join(Path.GetDirectoryName(options.State), "token1");
        File.WriteAllBytes(key, RandomNumberGenerator.GetBytes(32));
        var account = options.Accounts[DemoPlan.Account];
        return options with
        {
            Listeners = new Dictionary<string, ListenerOptions>(options.Listeners)
            {
                ["inbound"] = new() { Bind = [_inbound.EndPoint.ToString()], Role = ListenerRole.Feedback, Tls = ListenerTls.Off },
            },
            Accounts = new Dictionary<string, AccountOptions>(options.Accounts)
            {
                [DemoPlan.Account] = account with
                {
                    Streams = new Dictionary<string, StreamOptions>(account.Streams) { ["news"] = new() { Class = Engine.Mail.StreamClass.Marketing } },
                    DefaultStream = "news",
                },
            },
            Routes = (routes ?? new Dictionary<string, int>()).ToDictionary(route => route.Key, route => new RouteOptions { Hosts = [$"127.0.0.1:{route.Value}"] }),
            Feedback = new FeedbackOptions
            {
                TokenKeys = new TokenKeyOptions { Active = "k1", Keys = new Dictionary<string, string> { ["k1"] = key } },
                ReturnPath = ReturnPath,
                Complaints = [Complaints],
                Unsubscribe = new UnsubscribeOptions { Bind = _web.EndPoint.ToString(), Url = "https://u.demo.test" },
            },
        };
    }
}
