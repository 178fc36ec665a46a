using Engine.Mail;

namespace Engine.Tests.Simulation;

/// <summary>
/// What is said of Gmail and a new address: a daily volume that grows with what it took the day before, and 421 4.7.28 beyond it. A model, not a measurement.
/// </summary>
internal sealed class GmailModel : ISimulatedReceiver
{
    private const int FirstDay = 250;

    private readonly Dictionary<string, (DateOnly Day, int Taken, int Allowance)> _addresses = [];

    public TimeSpan Latency => TimeSpan.FromMilliseconds(250);

    public SimulatedReply Connect(string source, DateTimeOffset now) => SimulatedReply.Good;

    public SimulatedReply Receive(string source, Flow flow, int recipient, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var seen = _addresses.TryGetValue(source, out var known) ? known : (Day: today, Taken: 0, Allowance: FirstDay);
        if (seen.Day != today)
        {
            // Two and a half times what it knows; slowly down again while it is idle.
            seen = (today, 0, Math.Max(FirstDay, Math.Max((int)(seen.Taken * 2.5), seen.Allowance / 2)));
        }

        var takes = seen.Taken < seen.Allowance;
        _addresses[source] = seen with { Taken = seen.Taken + (takes ? 1 : 0) };
        return takes
            ? SimulatedReply.Good
            : new SimulatedReply(421, "4.7.28", "Gmail has detected an unusual rate of unsolicited mail originating from your IP address. To protect our users from spam, mail sent from your IP address has been temporarily rate limited. - gsmtp");
    }

    public void Disconnect(string source, DateTimeOffset now)
    {
    }
}
