using System.Net;
using Engine.Configuration;
using Engine.Dkim;
using Engine.Dkim.Rotation;
using Engine.Dns;
using Engine.Mail;
using Engine.Preflight.Rotation;

namespace Engine.Daemon;

/// <summary>The signing keys in force and their rotation: ring, book, the loop that looks after them.</summary>
internal sealed class KeyParts : IKeysInForce, IDisposable
{
    private readonly SigningParts _signing;
    private readonly CurrentSnapshot _current;
    private readonly RotationShelf _shelf;
    private readonly ZoneServers _zones;
    private readonly LastingLoop _loops;
    private readonly ILogger _log;
    private Func<IPEndPoint, bool> _mayAsk = static _ => false;

    /// <param name="book">How keys stand.</param>
    /// <param name="signing">Holds the ring in force.</param>
    /// <param name="current">The configuration in force.</param>
    /// <param name="dns">The resolver in force.</param>
    /// <param name="oldestQueued">When the oldest queued mail was accepted.</param>
    /// <param name="events">Where alerts go.</param>
    /// <param name="clock">For everything.</param>
    /// <param name="loggers">Told of faults.</param>
    public KeyParts(RotationBook book, SigningParts signing, CurrentSnapshot current, Func<DnsClient> dns, Func<DateTimeOffset?> oldestQueued, IEvents events, TimeProvider clock, ILoggerFactory loggers)
    {
        (_current, _signing, _log) = (current, signing, loggers.CreateLogger<KeyParts>());
        _shelf = new RotationShelf(RotationFile.Of(current.Value), book);
        _signing.Load(book);
        _shelf.Changed += Follow;
        _loops = new LastingLoop(clock, _log);
        _zones = new ZoneServers(server => _mayAsk(server));
        Watch = new RecordWatch(dns, () => _current.Value.Options, _zones, new ServerInquiry(clock, new UnguessableRandom()), clock);
        Desk = new RotationDesk(current, _shelf, Watch, new RotationNews(events, clock), clock, _log) { OldestQueued = oldestQueued, Ring = () => Ring };
    }

    public KeyRing Ring => _signing.Keys;

    public RotationBook Book => _shelf.Book;

    /// <summary>Orders and what is due.</summary>
    public RotationDesk Desk { get; }

    /// <summary>Asks DNS for key records.</summary>
    public RecordWatch Watch { get; }

    /// <summary>Where name servers of zones listen; 53 but in tests.</summary>
    public int NameServerPort
    {
        get => _zones.Port;
        set => _zones.Port = value;
    }

    /// <summary>Whether mail from this author domain must wait: its key was revoked, and no other may sign yet.</summary>
    public bool IsWithheld(DomainName from) => Book.IsWithheld(from, Ring.For(from));

    /// <summary>Puts a configuration's keys in force, by the standings of now. The snapshot is in force already.</summary>
    public void Load(KeyRing keys)
    {
        _signing.Load(keys);

        // What rotation wrote or moved while these were read.
        _signing.Load(null, ring => ring.Relist(Book.Domains.Values));
        Desk.Wake();
    }

    /// <summary>Which addresses of strangers' name servers may be asked: those that mail may go to.</summary>
    public void Follow(Func<IPEndPoint, bool> mayAsk) => Volatile.Write(ref _mayAsk, mayAsk);

    public Task RunAsync(CancellationToken stop) => _loops.RunAsync("dkim rotation", Desk.RunAsync, stop);

    public void Dispose() => Desk.Dispose();

    // Under the shelf's lock: the ring that signs is never behind the book for longer than it takes to make it.
    private void Follow(DomainRotation before, DomainRotation after)
    {
        if (!after.SignsAs(before))
        {
            // Only this domain's files that rotation itself wrote are looked at: what an operator put into the folder waits for his reload.
            _signing.Load(Book, ring => ring.Relist([after]));
        }
    }
}
