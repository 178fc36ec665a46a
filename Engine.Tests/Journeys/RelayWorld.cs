using System.Text;
using System.Text.Json;
using Engine.Configuration;
using Engine.Daemon;
using Engine.Demo;
using Engine.Dns;
using Engine.Tests.Delivery.Smtp;

namespace Engine.Tests.Journeys;

/// <summary>A journey's world with a relay named <c>backup</c>, receivers that do not take mail, and the engine's events.</summary>
internal sealed class RelayWorld : IAsyncDisposable
{
    private EngineHost? _host;
    private ScriptedPeer? _primary;

    public required JourneyWorld World { get; init; }

    private JourneyEvents Events => new(_host!);

    /// <summary>Starts it. The exchanger of <c>blocked.test</c> answers 421 to every MAIL.</summary>
    /// <param name="relayPort">Of the relay, on 127.0.0.1.</param>
    /// <param name="relay">Changes the relay.</param>
    /// <param name="adjust">Changes all else; given, the receivers of the demo are there, and <c>blocked.test</c> is not.</param>
    public static async Task<RelayWorld> StartAsync(int relayPort, Func<RelayOptions, RelayOptions>? relay = null, Func<EngineOptions, EngineOptions>? adjust = null)
    {
        EngineHost? host = null;
        var primary = ScriptedPeer.Start(BlockAsync);
        var world = await JourneyWorld.StartAsync(
            async (snapshot, clock, loggers, stop) => new HostedEngine(host = await EngineHost.StartAsync(snapshot, clock, loggers, stop)),
            adjust: options => Adjust(options, adjust is null ? primary.Address.Port : options.Delivery.Port, relayPort, relay, adjust));
        world.Names
            .Add("blocked.test", new DnsRecord.Mx(10, "mx.blocked.test"))
            .Add("mx.blocked.test", new DnsRecord.Address(System.Net.IPAddress.Loopback));
        return new RelayWorld { World = world, _primary = primary, _host = host };
    }

    /// <summary>Submits a short message in a stream of the demo's account.</summary>
    public async Task<long> SubmitAsync(string stream, string recipient)
    {
        var plain = World.Write("A short message.\r\n", recipient);
        var content = Encoding.UTF8.GetString(plain.Content.Span).Replace("Subject:", $"X-Engine-Stream: {stream}\r\nSubject:", StringComparison.Ordinal);
        var answer = await World.SubmitAsync(plain with { Content = Encoding.UTF8.GetBytes(content) });
        Assert.That(answer.Kind, Is.EqualTo(SubmitKind.Accepted), answer.Text);
        return plain.Number;
    }

    /// <inheritdoc cref="JourneyEvents.WaitAsync"/>
    public Task<IReadOnlyList<JsonElement>> EventsAsync(Func<JsonElement, bool> condition, int count = 1) => Events.WaitAsync(condition, count);

    /// <summary>Every event so far.</summary>
    public Task<IReadOnlyList<JsonElement>> EventsAsync() => Events.AllAsync();

    public static string Kind(JsonElement line) => JourneyEvents.Kind(line);

    public static string? Text(JsonElement line, string field) => JourneyEvents.Text(line, field);

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await _primary!.DisposeAsync();
    }

    // 421 at MAIL, as large providers say it.
    private static async Task BlockAsync(PeerTalk talk)
    {
        talk.Say("220 mx.blocked.test ESMTP");
        await talk.ReadLineAsync();
        talk.Say("250-mx.blocked.test\r\n250 8BITMIME");
        await talk.ReadLineAsync();
        talk.Say("421 4.7.0 Messages from 198.51.100.1 are temporarily blocked");
        await talk.CloseAsync();
    }

    private static EngineOptions Adjust(EngineOptions options, int port, int relayPort, Func<RelayOptions, RelayOptions>? relay, Func<EngineOptions, EngineOptions>? adjust)
    {
        var password = Path.Join(Path.GetDirectoryName(options.State), "password");
        File.WriteAllText(password, RelayPeer.Password + "\n");
        var backup = new RelayOptions
        {
            Host = "127.0.0.1",
            Port = relayPort,
            User = RelayPeer.User,
            PasswordFile = password,
            When = [new RelayConditionOptions { Age = TimeSpan.FromMilliseconds(500), Categories = ["ip_block", "reputation_ip", "blocklist_ip", "policy", "unknown_temp", "server_busy"] }],
        };
        options = options with
        {
            Delivery = options.Delivery with { Port = port },
            Relays = new Dictionary<string, RelayOptions> { ["backup"] = relay?.Invoke(backup) ?? backup },
        };
        return adjust?.Invoke(options) ?? options;
    }
}
