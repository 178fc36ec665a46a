using System.Net;
using System.Net.Sockets;
using Engine.Wire;

namespace Engine.Submission;

/// <summary>The ports that are bound, kept in step with the configuration. Not thread-safe: its server locks.</summary>
/// <param name="accepted">Gets each connection with the name of its listener.</param>
/// <param name="exhausted">Gets those for which there was no descriptor; see <see cref="Listener.Start"/>.</param>
/// <param name="clock">For pauses when descriptors run out.</param>
/// <param name="log">Takes what happens.</param>
internal sealed class ListenerSet(Action<string, Socket> accepted, Action<string, Socket> exhausted, TimeProvider clock, ILogger log)
{
    private readonly Dictionary<(string Name, string Bind), Listener> _bound = [];

    public IReadOnlyList<BoundListener> EndPoints => [.. _bound.Select(pair => new BoundListener(pair.Key.Name, pair.Value.EndPoint))];

    /// <summary>Binds what is new, closes what is gone, and leaves the rest alone: connections that are open stay open.</summary>
    /// <returns>What could not be bound.</returns>
    public IReadOnlyList<(string Bind, SocketException Fault)> Apply(SubmissionRules rules)
    {
        var wanted = rules.Listeners.Values.SelectMany(listener => listener.Options.Bind, (listener, bind) => (listener.Name, Bind: bind)).ToHashSet();
        foreach (var key in _bound.Keys.Where(key => !wanted.Contains(key)).ToArray())
        {
            Close(key);
        }

        var faults = new List<(string, SocketException)>();
        foreach (var key in wanted.Where(key => !_bound.ContainsKey(key)))
        {
            try
            {
                Open(key);
            }
            catch (SocketException fault)
            {
                faults.Add((key.Bind, fault));
                log.CannotBind(fault, key.Name, key.Bind);
            }
        }

        return faults;
    }

    /// <summary>Closes all ports. The returned task completes when no loop runs any more.</summary>
    public Task CloseAsync()
    {
        var loops = _bound.Values.Select(listener => listener.Loop).ToArray();
        foreach (var key in _bound.Keys.ToArray())
        {
            Close(key);
        }

        return Task.WhenAll(loops);
    }

    private void Open((string Name, string Bind) key)
    {
        if (!IPEndPoint.TryParse(key.Bind, out var endPoint))
        {
            throw new SocketException((int)SocketError.AddressNotAvailable);
        }

        _bound[key] = Listener.Bind(endPoint, clock);
        _bound[key].Start(socket => accepted(key.Name, socket), socket => exhausted(key.Name, socket));
        log.Listening(key.Name, _bound[key].EndPoint);
    }

    private void Close((string Name, string Bind) key)
    {
        if (_bound.Remove(key, out var listener))
        {
            log.Unbound(key.Name, listener.EndPoint);
            listener.Dispose();
        }
    }
}
