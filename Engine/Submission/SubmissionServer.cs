using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Engine.Configuration;
using Engine.Wire;

namespace Engine.Submission;

/// <summary>Takes mail on every listener of the configuration, of either role. Owns ports and sessions.</summary>
/// <param name="current">Ports, certificate and rules follow it.</param>
/// <param name="parts">What all sessions share.</param>
internal sealed class SubmissionServer(CurrentSnapshot current, SessionParts parts) : IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    // The line about descriptors is written once in so long.
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<long, Task> _sessions = new();
    private readonly ConcurrentDictionary<string, ConnectionCaps> _caps = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private readonly Lock _gate = new();
    private ListenerSet? _listeners;
    private volatile ListenerCertificate? _certificate;
    private long _lastSession;
    private long _lastShort = long.MinValue;

    /// <summary>Where mail is taken, with real ports.</summary>
    public IReadOnlyList<BoundListener> BoundEndPoints
    {
        get
        {
            lock (_gate)
            {
                return _listeners?.EndPoints ?? [];
            }
        }
    }

    /// <summary>Connections open.</summary>
    public int Connections => _sessions.Count;

    /// <summary>Loads the certificate, binds all ports and begins.</summary>
    /// <exception cref="SocketException">A port cannot be bound; none stays bound.</exception>
    /// <exception cref="IOException">The certificate cannot be read.</exception>
    /// <exception cref="CryptographicException">The certificate is none, or its key does not fit.</exception>
    public async Task StartAsync()
    {
        _certificate = ListenerCertificate.Load(current.Value);
        var listeners = new ListenerSet(OnAccepted, OnExhausted, parts.Clock, parts.Log);
        IReadOnlyList<(string Bind, SocketException Fault)> faults;
        lock (_gate)
        {
            _listeners = listeners;
            faults = listeners.Apply(parts.Rules.Value);
        }

        if (faults is [var (_, fault), ..])
        {
            await listeners.CloseAsync().ConfigureAwait(false);
            throw fault;
        }

        current.Changed += OnChanged;
    }

    /// <summary>Stops accepting, tells idle clients 421, lets content that has begun come in and be answered.</summary>
    /// <param name="bound">When it is cancelled the rest is cut off.</param>
    public async Task StopAsync(CancellationToken bound)
    {
        current.Changed -= OnChanged;
        Task closed;
        lock (_gate)
        {
            closed = _listeners?.CloseAsync() ?? Task.CompletedTask;
        }

        await closed.ConfigureAwait(false);
        await _stop.CancelAsync().ConfigureAwait(false);
        await using var cut = bound.UnsafeRegister(static abort => ((CancellationTokenSource)abort!).Cancel(), _abort).ConfigureAwait(false);
        await Task.WhenAll(_sessions.Values).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _certificate?.Dispose();
        _stop.Dispose();
        _abort.Dispose();
    }

    // On the reloading thread. A certificate or port that is not there must not take down what runs.
    private void OnChanged(Snapshot snapshot)
    {
        try
        {
            // Handshakes under way keep the old one alive; the collector takes it.
            _certificate = ListenerCertificate.Load(snapshot);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            parts.Log.CannotLoadCertificate(fault);
        }

        lock (_gate)
        {
            _ = _listeners?.Apply(parts.Rules.Value);
        }
    }

    // On the accepting loop, with the last descriptor there was: one word into the empty send buffer, and no waiting.
    private void OnExhausted(string listener, Socket socket)
    {
        using (socket)
        {
            NoteShort();
            if (parts.Rules.Value.Listeners.TryGetValue(listener, out var rules) && rules.Tls is not ListenerTls.Implicit)
            {
                var output = new ReplyBuffer();
                output.Write(Replies.NoDescriptors);
                socket.Blocking = false;
                _ = socket.Send(output.Written.Span, SocketFlags.None, out _);
            }
        }
    }

    private void NoteShort()
    {
        parts.Ledger.TurnedAway("descriptors");
        var (now, last) = (parts.Clock.GetTimestamp(), Volatile.Read(ref _lastShort));
        if ((last == long.MinValue || parts.Clock.GetElapsedTime(last, now) >= Silence) && Interlocked.CompareExchange(ref _lastShort, now, last) == last)
        {
            parts.Log.DescriptorsShort(parts.Descriptors.Free, parts.Descriptors.Limit, parts.Descriptors.Reserve);
        }
    }

    private void OnAccepted(string listener, Socket socket)
    {
        var session = Interlocked.Increment(ref _lastSession);
        var task = ServeAsync(session, listener, socket);
        if (!task.IsCompleted)
        {
            _sessions[session] = task;
            _ = task.ContinueWith(static (_, state) => ((Action)state!)(), (Action)(() => _sessions.TryRemove(session, out var _)), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "The top of a session: a fault in one must not end the others, and the client was not told 250.")]
    private async Task ServeAsync(long session, string listener, Socket socket)
    {
        await using var connection = new Connection(socket, parts.Clock);
        var remote = connection.Remote.Address;
        var client = remote.IsIPv4MappedToIPv6 ? remote.MapToIPv4() : remote;
        try
        {
            if (parts.Rules.Value.Listeners.TryGetValue(listener, out var rules))
            {
                await AdmitAsync(connection, rules, client, session, newest: socket.Handle).ConfigureAwait(false);
            }
        }
        catch (Exception fault)
        {
            parts.Log.SessionFault(fault, session, client);
            await DismissAsync(connection, Replies.LocalError with { Code = 421 }).ConfigureAwait(false);
        }
    }

    private async Task AdmitAsync(Connection connection, ListenerRules listener, IPAddress client, long session, long newest)
    {
        if (!parts.Descriptors.Admits(newest))
        {
            NoteShort();
            await TurnAwayAsync(connection, listener, Replies.NoDescriptors).ConfigureAwait(false);
            return;
        }

        if (listener.IsFeedback && parts.Feedback is null)
        {
            parts.Ledger.TurnedAway("role");
            await TurnAwayAsync(connection, listener, Replies.NoFeedback).ConfigureAwait(false);
            return;
        }

        if (!listener.Clients.Contains(client))
        {
            parts.Ledger.TurnedAway("client");
            await TurnAwayAsync(connection, listener, Replies.ClientNotAllowed).ConfigureAwait(false);
            return;
        }

        var caps = _caps.GetOrAdd(listener.Name, static _ => new ConnectionCaps());
        if (!caps.TryEnter(client, listener.Options.MaxConnections, listener.Options.MaxConnectionsPerClient))
        {
            parts.Ledger.TurnedAway("connections");
            await TurnAwayAsync(connection, listener, Replies.TooManyConnections).ConfigureAwait(false);
            return;
        }

        try
        {
            var certificate = _certificate;
            using var talk = new SubmissionSession(connection, new ClientFacts(listener, client, session, certificate is not null), parts, certificate?.Options);
            await talk.RunAsync(_stop.Token, _abort.Token).ConfigureAwait(false);
        }
        finally
        {
            caps.Leave(client);
        }
    }

    // Who expects TLS could not read it.
    private static ValueTask TurnAwayAsync(Connection connection, ListenerRules listener, Reply reply) =>
        listener.Tls is ListenerTls.Implicit ? ValueTask.CompletedTask : DismissAsync(connection, reply);

    private static async ValueTask DismissAsync(Connection connection, Reply reply)
    {
        var output = new ReplyBuffer();
        output.Write(reply);
        if (await connection.SendAsync(output.Written, Farewell, CancellationToken.None).ConfigureAwait(false) is WireFault.None)
        {
            await connection.EndSendingAsync().ConfigureAwait(false);
        }
    }
}
