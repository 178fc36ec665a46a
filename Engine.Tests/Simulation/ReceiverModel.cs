namespace Engine.Tests.Simulation;

/// <summary>
/// A receiver as senders meet it: a rate and a number of connections per address that nobody knows, what it thinks of an address or a campaign,
/// greylisting, messages per connection, and times when it is down. Change it while it runs.
/// </summary>
internal sealed class ReceiverModel(Random chance)
{
    private readonly Dictionary<string, (double Tokens, DateTimeOffset At)> _buckets = [];
    private readonly Dictionary<string, int> _open = [];
    private readonly HashSet<long> _seen = [];

    /// <summary>Messages per second from one address; beyond that <see cref="RateReply"/>.</summary>
    public double RatePerSecond { get; set; } = double.PositiveInfinity;

    /// <summary>Messages at once that the rate forgives.</summary>
    public double Burst { get; set; } = 10;

    public ModelReply RateReply { get; set; } = ModelReply.TooFast;

    /// <summary>Connections from one address; beyond that <see cref="ModelReply.TooMany"/>.</summary>
    public int Connections { get; set; } = int.MaxValue;

    /// <summary>Messages on one connection; then it closes without a word.</summary>
    public int MessagesPerConnection { get; set; } = int.MaxValue;

    /// <summary>Answers nobody.</summary>
    public bool IsDown { get; set; }

    /// <summary>The first try of each message is put off.</summary>
    public bool Greylists { get; set; }

    /// <summary>Share of messages answered with <see cref="StrayReply"/> for no reason.</summary>
    public double Strays { get; set; }

    public ModelReply StrayReply { get; set; } = ModelReply.TooFast;

    /// <summary>For an address: a share of its messages and what they get.</summary>
    public Dictionary<string, (double Share, ModelReply Reply)> Opinions { get; } = [];

    /// <summary>For a campaign: the share of its messages that is called spam.</summary>
    public Dictionary<string, double> Spam { get; } = [];

    public ModelReply Connect(string source)
    {
        var open = _open.GetValueOrDefault(source);
        if (IsDown)
        {
            return ModelReply.Timeout;
        }

        if (open >= Connections)
        {
            return ModelReply.TooMany;
        }

        _open[source] = open + 1;
        return ModelReply.Accepted;
    }

    public void Close(string source) => _open[source]--;

    /// <param name="now">The time.</param>
    /// <param name="source">Whence.</param>
    /// <param name="campaign">Of the message.</param>
    /// <param name="message">Its number, the same at each try.</param>
    /// <param name="onConnection">Messages on the connection, this one included.</param>
    public ModelReply Send(DateTimeOffset now, string source, string campaign, long message, int onConnection)
    {
        if (IsDown || onConnection > MessagesPerConnection)
        {
            return ModelReply.Timeout;
        }

        if (Opinions.TryGetValue(source, out var opinion) && chance.NextDouble() < opinion.Share)
        {
            return opinion.Reply;
        }

        if (chance.NextDouble() < Strays)
        {
            return StrayReply;
        }

        if (Greylists && _seen.Add(message))
        {
            return ModelReply.Greylisted;
        }

        if (Spam.TryGetValue(campaign, out var share) && chance.NextDouble() < share)
        {
            return ModelReply.Spam;
        }

        return Takes(now, source) ? ModelReply.Accepted : RateReply;
    }

    private bool Takes(DateTimeOffset now, string source)
    {
        if (double.IsPositiveInfinity(RatePerSecond))
        {
            return true;
        }

        var (tokens, at) = _buckets.GetValueOrDefault(source, (Burst, now));
        tokens = Math.Min(Burst, tokens + ((now - at).TotalSeconds * RatePerSecond));
        var takes = tokens >= 1;
        _buckets[source] = (takes ? tokens - 1 : tokens, now);
        return takes;
    }
}
