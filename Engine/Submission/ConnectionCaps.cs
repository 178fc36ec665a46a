using System.Net;

namespace Engine.Submission;

/// <summary>Counts the connections of one listener, in all and by client address. Thread-safe.</summary>
internal sealed class ConnectionCaps
{
    private readonly Dictionary<IPAddress, int> _byClient = [];
    private readonly Lock _gate = new();
    private int _all;

    /// <summary>Connections open.</summary>
    public int Count => Volatile.Read(ref _all);

    public bool TryEnter(IPAddress address, int max, int maxPerClient)
    {
        var client = ClientNetwork.Of(address);
        lock (_gate)
        {
            var own = _byClient.GetValueOrDefault(client);
            if (_all >= max || own >= maxPerClient)
            {
                return false;
            }

            _all++;
            _byClient[client] = own + 1;
            return true;
        }
    }

    public void Leave(IPAddress address)
    {
        var client = ClientNetwork.Of(address);
        lock (_gate)
        {
            _all--;
            var own = _byClient[client] - 1;
            if (own == 0)
            {
                _ = _byClient.Remove(client);
            }
            else
            {
                _byClient[client] = own;
            }
        }
    }
}
