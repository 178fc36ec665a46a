using Engine.Mail;

namespace Engine.Tests.Simulation;

/// <summary>A receiver that answers in words, as real ones do: rates and connections per address, opinions of addresses and senders, outages. Change it while it runs.</summary>
internal sealed class SimulatedReceiver : ISimulatedReceiver
{
    public static readonly SimulatedReply TooFast = new(421, "4.7.0", "Too many messages from your IP address, please slow down");
    public static readonly SimulatedReply TooMany = new(421, "4.7.0", "Too many concurrent SMTP connections from your IP address");
    public static readonly SimulatedReply Unavailable = new(421, "4.3.2", "Service not available, closing transmission channel");
    public static readonly SimulatedReply PoorReputation = new(550, "5.7.1", "Our system has detected that your IP address has a poor reputation, mail from it is blocked");
    public static readonly SimulatedReply Spam = new(554, "5.7.1", "Message rejected because it contains spam content");
    public static readonly SimulatedReply NoSuchUser = new(550, "5.1.1", "User unknown");

    private readonly Dictionary<string, (double Tokens, DateTimeOffset At)> _buckets = [];
    private readonly Dictionary<string, int> _open = [];

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Recipients per second from one address.</summary>
    public double RatePerSecond { get; set; } = double.PositiveInfinity;

    public double Burst { get; set; } = 10;

    public SimulatedReply RateReply { get; set; } = TooFast;

    /// <summary>Connections from one address at once.</summary>
    public int Connections { get; set; } = int.MaxValue;

    /// <summary>Answers nobody.</summary>
    public bool IsDown { get; set; }

    /// <summary>What it says to an address before it looks at anything else; null for nothing.</summary>
    public Func<string, DateTimeOffset, SimulatedReply?> OfSource { get; set; } = static (_, _) => null;

    /// <summary>What it says to a message of a flow to a recipient; null for nothing.</summary>
    public Func<Flow, int, SimulatedReply?> OfMessage { get; set; } = static (_, _) => null;

    /// <summary>Connections open now from an address.</summary>
    public int OpenFrom(string source) => _open.GetValueOrDefault(source);

    public SimulatedReply Connect(string source, DateTimeOffset now)
    {
        if (IsDown)
        {
            return SimulatedReply.Lost;
        }

        if (OpenFrom(source) >= Connections)
        {
            return TooMany;
        }

        _open[source] = OpenFrom(source) + 1;
        return SimulatedReply.Good;
    }

    public SimulatedReply Receive(string source, Flow flow, int recipient, DateTimeOffset now)
    {
        if (IsDown)
        {
            return SimulatedReply.Lost;
        }

        return OfSource(source, now) ?? OfMessage(flow, recipient) ?? (Takes(source, now) ? SimulatedReply.Good : RateReply);
    }

    public void Disconnect(string source, DateTimeOffset now) => _open[source]--;

    private bool Takes(string source, DateTimeOffset now)
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
