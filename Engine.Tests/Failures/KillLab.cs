using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Engine.Demo;

namespace Engine.Tests.Failures;

/// <summary>
/// An engine process that is killed under load and started again, and the account of it kept outside: generator, receivers, name
/// server and ledger live here.
/// </summary>
/// <remarks>Kills come when a random number of further messages was acknowledged, so they fall anywhere in the engine's work.</remarks>
internal sealed class KillLab : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DemoWorld _world;
    private readonly Random _random;
    private readonly List<Kill> _kills = [];
    private readonly IPEndPoint _submission;
    private readonly string _configuration;
    private EngineProcess? _engine;

    private KillLab(DemoWorld world, Random random)
    {
        (_world, _random) = (world, random);
        _submission = FreePort();
        _configuration = Path.Join(world.Directory.FullName, "engine.json");
        File.WriteAllText(_configuration, Configuration());
    }

    public Ledger Ledger => _world.Ledger;

    public IReadOnlyList<Kill> Kills => _kills;

    /// <summary>What the engine process wrote last.</summary>
    public string Output => _engine?.Output ?? string.Empty;

    private string Socket => Path.Join(_world.Directory.FullName, "admin.sock");

    /// <param name="file">Of the durable ledger; owned by the caller.</param>
    /// <param name="random">Says when to kill.</param>
    public static async Task<KillLab> OpenAsync(LedgerFile file, Random random) =>
        new(await DemoWorld.BuildAsync(Houses, verify: null, TimeProvider.System, file: file), random);

    public void Start() => _engine = EngineProcess.Start(_configuration);

    /// <summary>Submits letters until all are answered 250, whatever happens to the engine meanwhile.</summary>
    public Task SubmitAsync(int count, int sessions, CancellationToken stop)
    {
        var letters = new LetterWriter(_world.Street.Domains, refusedDomain: null, TimeProvider.System);
        var settings = new GeneratorSettings { Server = _submission, Count = count, Sessions = sessions, Resubmits = true, Tries = int.MaxValue };
        return new DemoGenerator(settings, number => Plain(letters.Write(number)), Ledger, TimeProvider.System).RunAsync(stop);
    }

    /// <summary>Kills the engine after some more messages and starts it again.</summary>
    /// <param name="most">Messages acknowledged until then, at most.</param>
    /// <param name="stop">Ends the wait.</param>
    public async Task KillOnceAsync(int most, CancellationToken stop)
    {
        var goal = Ledger.Counts.Acknowledged + _random.Next(1, most + 1);
        await Ledger.WhenAsync(counts => counts.Acknowledged >= goal, stop);
        var before = TimeProvider.System.GetUtcNow();
        await _engine!.KillAsync();
        _kills.Add(new Kill(before, TimeProvider.System.GetUtcNow()));
        await _engine.DisposeAsync();
        Start();
    }

    /// <summary>Waits until everything acknowledged is delivered; what is not must at least be queued.</summary>
    /// <returns>Recipients neither delivered nor queued: lost.</returns>
    public async Task<long> LostAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Patience);
        try
        {
            await Ledger.SettledAsync(limit.Token);
            return 0;
        }
        catch (OperationCanceledException)
        {
            stop.ThrowIfCancellationRequested();
            return LedgerSummary.Of(Ledger).Lost - await QueuedAsync(stop);
        }
    }

    /// <summary>Duplicates of all messages, with their reasons.</summary>
    public IReadOnlyList<Duplicate> Duplicates(TimeSpan window) =>
        [.. Ledger.ReadAll(story => Duplicate.Of(story, _kills, window)).SelectMany(static found => found)];

    public async ValueTask DisposeAsync()
    {
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
        }

        await _world.DisposeAsync();
    }

    private static IReadOnlyList<ReceiverHouse> Houses(X509Certificate2 certificate) =>
    [
        new(["one.demo.test"], new ReceiverScript { Hostname = "mx.one.demo.test", Offers = new ReceiverScript().Offers | ReceiverOffers.Chunking }),
        new(["two.demo.test"], new ReceiverScript { Hostname = "mx.two.demo.test", Offers = new ReceiverScript().Offers | ReceiverOffers.StartTls, Certificate = certificate }),
        new(["three.demo.test"], new ReceiverScript { Hostname = "mx.three.demo.test" }),
    ];

    // The built-in account knows no streams.
    private static Letter Plain(Letter letter)
    {
        var text = Encoding.UTF8.GetString(letter.Content.Span);
        var lines = text.Split("\r\n").Where(static line => !line.StartsWith("X-Engine-", StringComparison.Ordinal));
        return letter with { Content = Encoding.UTF8.GetBytes(string.Join("\r\n", lines)) };
    }

    // Not reserved: another process could take it before the engine does. Then the engine does not start and the test says so.
    private static IPEndPoint FreePort()
    {
        using var listener = Loopback.Listen(new IPEndPoint(IPAddress.Loopback, 0), backlog: 1);
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    private async Task<long> QueuedAsync(CancellationToken stop)
    {
        var (code, output) = await EngineProcess.RunAsync(["queue", "count", "--json", "--socket", Socket], stop);
        Assert.That(code, Is.Zero, output);
        using var json = JsonDocument.Parse(output);
        return json.RootElement.GetProperty("queued").GetInt64();
    }

    private string Configuration() => JsonSerializer.Serialize(new
    {
        hostname = "engine.demo.test",
        state = Path.Join(_world.Directory.FullName, "state"),
        queue = new { minFreeDisk = "64MiB" },
        listeners = new { local = new { bind = new[] { _submission.ToString() }, role = "submission", auth = "none" } },
        delivery = new
        {
            retry = new { @default = new[] { "1s x*" }, @short = new[] { "1s x3" } },
            allowAddresses = new[] { "127.0.0.0/8" },
            port = _world.Street.Port,
        },
        dns = new { servers = new[] { _world.Responder.EndPoint.ToString() } },
        admin = new { socket = Socket },
    });
}
