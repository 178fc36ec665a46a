using System.Net;
using Engine.Configuration;
using Engine.Demo;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight.Rotation;
using Microsoft.Extensions.Logging.Abstractions;

namespace Engine.Tests.Preflight.Rotation;

/// <summary>A rotation desk over a real folder, a real state file and a name server on loopback; its clock moves by hand.</summary>
internal sealed class RotationRig : IAsyncDisposable, IEvents
{
    public static readonly DomainName Domain = DomainName.Parse("acme.test");

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("engine-rotation-");
    private readonly DnsResponder _responder;
    private readonly DnsClient _dns;
    private readonly List<Event> _events = [];
    private int _oldestAsked;

    public RotationRig(Func<EngineOptions, EngineOptions>? adjust = null)
    {
        _responder = DnsResponder.Start(Names);
        Names.Add("acme.test", new DnsRecord.Name(RecordType.Ns, "ns1.acme.test"));
        Names.Add("ns1.acme.test", new DnsRecord.Address(IPAddress.Loopback));
        var options = new EngineOptions
        {
            State = _directory.FullName,
            Dkim = new DkimOptions { Directory = Path.Join(_directory.FullName, "dkim"), Rotation = new RotationOptions { Every = TimeSpan.FromDays(180) } },
            Dns = new DnsOptions { Servers = [_responder.EndPoint.ToString()], Timeout = TimeSpan.FromSeconds(20) },
        };
        Snapshot = new Snapshot(adjust?.Invoke(options) ?? options, _directory.FullName);
        _dns = new DnsClient(Snapshot.Options.Dns, TimeProvider.System, new UnguessableRandom(), NullLogger.Instance);
        Directory.CreateDirectory(Keys);
        Restart();
    }

    public DnsTable Names { get; } = new(ttl: 300);

    public ManualClock Clock { get; } = new();

    public Snapshot Snapshot { get; }

    public string Keys => Path.Join(_directory.FullName, "dkim");

    public RotationDesk Desk { get; private set; } = null!;

    /// <summary>When the oldest queued mail was accepted.</summary>
    public DateTimeOffset? Oldest { get; set; }

    /// <summary>How often it was asked for.</summary>
    public int OldestAsked => _oldestAsked;

    public DomainRotation State => Desk.Book.Of(Domain);

    /// <summary>Alerts so far, <c>rule: reason</c>.</summary>
    public string[] Alerts => [.. _events.Where(line => line.Kind is EventKind.Alert).Select(line => $"{line.Rule}: {line.Reason}")];

    public string Standings => string.Join(", ", State.Keys.Select(key => $"{key.Selector} {key.Standing}"));

    /// <summary>The desk is made anew from what is on disk, as after a crash.</summary>
    public void Restart()
    {
        Desk?.Dispose();
        var file = RotationFile.Of(Snapshot);
        var zones = new ZoneServers(static server => IPAddress.IsLoopback(server.Address)) { Port = _responder.EndPoint.Port };
        var watch = new RecordWatch(() => _dns, () => Snapshot.Options, zones, new ServerInquiry(TimeProvider.System, new UnguessableRandom()), TimeProvider.System);
        Desk = new RotationDesk(new CurrentSnapshot(Snapshot), new RotationShelf(file, file.Load()), watch, new RotationNews(this, Clock), Clock, NullLogger.Instance)
        {
            OldestQueued = () =>
            {
                Interlocked.Increment(ref _oldestAsked);
                return Oldest;
            },
            Ring = () => KeyRing.Load(Snapshot, new Findings(), Desk?.Book),
        };
    }

    /// <summary>A key file that is so many days old.</summary>
    public void Put(string selector, int days, KeyKind kind = KeyKind.Ed25519, string domain = "acme.test")
    {
        var path = Path.Join(Keys, $"{domain}.{selector}.pem");
        KeyGenerator.Write(path, kind);
        File.SetLastWriteTimeUtc(path, (Clock.GetUtcNow() - TimeSpan.FromDays(days)).UtcDateTime);
    }

    public bool HasFile(string selector, string folder = "") => File.Exists(Path.Join(Keys, folder, $"{Domain}.{selector}.pem"));

    /// <summary>Publishes the record of a key.</summary>
    public void Publish(string selector, string? name = null) =>
        Names.Add(name ?? $"{selector}._domainkey.{Domain}", new DnsRecord.Text(new KeyFolder(Snapshot).RecordOf(Domain, selector, out _)!.Text));

    public async Task TurnAsync(TimeSpan after = default)
    {
        Clock.Advance(after);
        await Desk.TurnAsync(CancellationToken.None);
    }

    public void Write(in Event line) => _events.Add(line);

    public async ValueTask DisposeAsync()
    {
        Desk.Dispose();
        await _dns.DisposeAsync();
        await _responder.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
