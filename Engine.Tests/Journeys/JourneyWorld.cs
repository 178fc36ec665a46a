using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Engine.Configuration;
using Engine.Demo;
using Engine.Queue;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Journeys;

/// <summary>An engine with a name server and receivers on loopback, and waits for what happens there. Nothing is polled but the queue's own figures.</summary>
/// <remarks>Every wait ends after <see cref="Patience"/> with the story of the message it waited for.</remarks>
internal sealed class JourneyWorld : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DemoWorld _world;
    private readonly ConcurrentDictionary<long, (byte[] Content, IPAddress Client)> _taken;
    private readonly StartEngine _start;
    private readonly ILoggerFactory _loggers;
    private SubmitSession? _session;
    private IDemoEngine? _engine;
    private long _number;

    private JourneyWorld(DemoWorld world, ConcurrentDictionary<long, (byte[] Content, IPAddress Client)> taken, StartEngine start, Snapshot snapshot, ILoggerFactory loggers)
    {
        (_world, _taken, _start, Snapshot, _loggers) = (world, taken, start, snapshot, loggers);
        Letters = new LetterWriter(world.Street.Domains, refusedDomain: null, TimeProvider.System);
    }

    public Ledger Ledger => _world.Ledger;

    public DnsTable Names => _world.Names;

    public IReadOnlyList<DemoReceiver> Receivers => _world.Street.Receivers;

    public Snapshot Snapshot { get; private set; }

    /// <summary>Every message that receivers took, in the order in which they did; those of one number each.</summary>
    public ConcurrentQueue<Reception> Receptions { get; private init; } = [];

    public IDemoEngine Engine => _engine ?? throw new InvalidOperationException("The engine is stopped.");

    public LetterWriter Letters { get; }

    /// <summary>The one the engine takes.</summary>
    public SubmitLogin Login => _world.Login;

    /// <summary>Builds the world and starts the engine in it.</summary>
    /// <param name="start">Starts the engine; see <see cref="JourneyEngine"/>.</param>
    /// <param name="houses">The receivers, by address from 127.0.0.2 on; default those of the demo.</param>
    /// <param name="adjust">Changes the configuration of <see cref="DemoPlan"/>.</param>
    /// <param name="verify">Checks signatures; null checks none.</param>
    /// <param name="loggers">The engine's logs; default none.</param>
    public static async Task<JourneyWorld> StartAsync(
        StartEngine start,
        Func<X509Certificate2, IReadOnlyList<ReceiverHouse>>? houses = null,
        Func<EngineOptions, EngineOptions>? adjust = null,
        VerifySignatures? verify = null,
        ILoggerFactory? loggers = null)
    {
        var taken = new ConcurrentDictionary<long, (byte[] Content, IPAddress Client)>();
        var receptions = new ConcurrentQueue<Reception>();
        var built = await DemoWorld.BuildAsync(houses, verify, TimeProvider.System, Keep);
        var options = adjust is null ? built.Snapshot.Options : adjust(built.Snapshot.Options);
        var snapshot = new Snapshot(options, built.Snapshot.Directory);
        var world = new JourneyWorld(built, taken, start, snapshot, loggers ?? NullLoggerFactory.Instance) { Receptions = receptions };
        try
        {
            await world.StartEngineAsync();
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }

        ValueTask Keep(Reception mail, CancellationToken stop)
        {
            var octets = mail.Content.ToArray();
            taken.TryAdd(mail.Number, (octets, mail.Source));
            receptions.Enqueue(mail with { Content = octets });
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Submits a short message.</summary>
    /// <returns>Its number; fails the test when it is not answered 250.</returns>
    public Task<long> SubmitAsync(params string[] recipients) => SubmitAsync("A short message.\r\n", recipients);

    /// <summary>Submits a message.</summary>
    /// <param name="body">Its lines end with CRLF; dots are doubled here.</param>
    /// <param name="recipients">Each of one message only.</param>
    public async Task<long> SubmitAsync(string body, string[] recipients)
    {
        var letter = Write(body, recipients);
        var answer = await SubmitAsync(letter);
        Assert.That(answer.Kind, Is.EqualTo(SubmitKind.Accepted), answer.Text);
        return letter.Number;
    }

    /// <summary>Submits a letter on a connection that is kept, and notes the answer in the ledger.</summary>
    public async Task<SubmitAnswer> SubmitAsync(Letter letter)
    {
        using var guard = new CancellationTokenSource(Patience, TimeProvider.System);
        _session ??= await SubmitSession.OpenAsync(Engine.SubmissionEndPoints[0], _world.Login, TimeProvider.System, guard.Token);
        Assert.That(_session, Is.Not.Null, "The engine does not take the login.");
        Ledger.Announce(letter.Number, letter.Recipients);
        var answer = await _session!.SubmitAsync(letter, guard.Token);
        Note(letter.Number, answer);
        if (answer.IsSpent)
        {
            await HangUpAsync();
        }

        return answer;
    }

    /// <summary>Submits many letters over several connections; returns when all are answered.</summary>
    public async Task SubmitManyAsync(int count, int sessions = 8)
    {
        using var guard = new CancellationTokenSource(Patience, TimeProvider.System);
        var settings = new GeneratorSettings
        {
            Server = Engine.SubmissionEndPoints[0],
            Login = _world.Login,
            First = Interlocked.Add(ref _number, count) - count + 1,
            Count = count,
            Sessions = sessions,
        };
        await new DemoGenerator(settings, Letters.Write, Ledger, TimeProvider.System).RunAsync(guard.Token);
    }

    /// <summary>A letter with the next number.</summary>
    public Letter Write(string body, params string[] recipients)
    {
        var number = Interlocked.Increment(ref _number);
        var content = $"From: <shop@demo.test>\r\nTo: <{string.Join(">, <", recipients)}>\r\nSubject: Journey {number}\r\nX-Demo-Number: {number}\r\n\r\n{body}";
        return new Letter(number, "shop@demo.test", recipients, Encoding.UTF8.GetBytes(Stuff(content) + ".\r\n"));
    }

    /// <summary>Waits until some receiver has taken the message for every recipient.</summary>
    public Task DeliveredAsync(long number) =>
        StoryAsync(number, static story => story.Recipients.Count > 0 && story.Recipients.All(static one => one.IsDelivered), "delivered");

    /// <summary>Waits until a receiver has put a recipient off, and how often.</summary>
    public Task DeferredAsync(long number, int times = 1) => StoryAsync(number, story => story.Recipients.Any(one => one.Deferrals >= times), "deferred");

    /// <summary>Waits until a receiver has refused a recipient.</summary>
    public Task RefusedAsync(long number) => StoryAsync(number, static story => story.IsRefused, "refused");

    /// <summary>Waits until every recipient of the message was delivered or refused.</summary>
    public Task SettledAsync(long number) => StoryAsync(number, static story => story.IsSettled, "settled");

    /// <summary>Waits until everything acknowledged is settled, and the engine holds nothing more.</summary>
    public async Task DrainedAsync()
    {
        using var guard = new CancellationTokenSource(Patience, TimeProvider.System);
        await Ledger.SettledAsync(guard.Token);
        await QueueAsync(static counts => counts.Queued == 0);
    }

    /// <summary>Waits until the engine's figures are as wanted. They give no signal, so they are looked at every 10 ms.</summary>
    public async Task QueueAsync(Func<QueueCounts, bool> condition)
    {
        using var guard = new CancellationTokenSource(Patience, TimeProvider.System);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        while (!condition(Engine.Counts))
        {
            Assert.That(guard.IsCancellationRequested, Is.False, $"The queue stays at {Engine.Counts}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>The message as a receiver first took it.</summary>
    public string Content(long number) => Encoding.UTF8.GetString(_taken[number].Content);

    /// <summary>Where the message came from when a receiver first took it.</summary>
    public IPAddress Client(long number) => _taken[number].Client;

    /// <summary>What a letter holds once its dots are taken out, for comparison with <see cref="Content"/>.</summary>
    public static string Plain(Letter letter) =>
        Encoding.UTF8.GetString(letter.Content.Span)[..^3].Replace("\r\n..", "\r\n.", StringComparison.Ordinal);

    /// <summary>Waits until all signatures are checked; nothing may be under way any more.</summary>
    public Task VerifiedAsync() => _world.VerifiedAsync();

    /// <summary>Stops the engine in order; its state stays.</summary>
    public async Task StopEngineAsync()
    {
        await HangUpAsync();
        if (_engine is not null)
        {
            await _engine.DisposeAsync();
            _engine = null;
        }
    }

    /// <summary>Starts it again on the same state.</summary>
    /// <param name="adjust">Changes the configuration.</param>
    public async Task StartEngineAsync(Func<EngineOptions, EngineOptions>? adjust = null)
    {
        using var guard = new CancellationTokenSource(Patience, TimeProvider.System);
        Snapshot = adjust is null ? Snapshot : new Snapshot(adjust(Snapshot.Options), Snapshot.Directory);
        _engine = await _start(Snapshot, TimeProvider.System, _loggers, guard.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await StopEngineAsync();
        await _world.DisposeAsync();
    }

    private static string Stuff(string content) =>
        (content.StartsWith('.') ? "." : string.Empty) + content.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);

    private void Note(long number, SubmitAnswer answer)
    {
        switch (answer.Kind)
        {
            case SubmitKind.Accepted:
                Ledger.Acknowledge(number, answer.Text);
                break;
            case SubmitKind.Unknown:
                Ledger.LoseTouch(number);
                break;
            default:
                Ledger.Reject(number);
                break;
        }
    }

    private async Task StoryAsync(long number, Func<MessageStory, bool> condition, string wanted)
    {
        using var guard = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            await Ledger.WhenAsync(number, condition, guard.Token);
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Message {number} is not {wanted}: {Ledger.Read(number, Tell)}");
        }
    }

    private static string Tell(MessageStory story) =>
        $"{story.State}, " + string.Join("; ", story.Recipients.Select(static one =>
            $"{one.Address}: {one.Deliveries.Count} deliveries, {one.Deferrals} deferrals{(one.IsRefused ? ", refused" : string.Empty)}"));

    private async Task HangUpAsync()
    {
        if (_session is not null)
        {
            await _session.DisposeAsync();
            _session = null;
        }
    }
}
