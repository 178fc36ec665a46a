using System.Diagnostics.Metrics;
using Engine.Wire;

namespace Engine.Submission;

/// <summary>The instruments of this room.</summary>
internal sealed class SubmissionMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?>[] Reasons =
        [.. Enum.GetNames<RejectReason>().Select(name => KeyValuePair.Create("reason", (object?)name.ToLowerInvariant()))];

    private readonly Meter _meter = new("Engine.Submission");
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _rejected;
    private readonly Counter<long> _authFailed;
    private readonly Counter<long> _turnedAway;

    /// <param name="descriptors">Reported when given.</param>
    public SubmissionMetrics(DescriptorBudget? descriptors = null)
    {
        _accepted = _meter.CreateCounter<long>("engine_accepted_total", "{recipient}", "Recipients whose message is on stable storage. Alert when it stops while clients are connected.");
        _rejected = _meter.CreateCounter<long>("engine_rejected_total", "{refusal}", "Messages and recipients refused at submission, by reason. Alert on busy: the queue takes nothing.");
        _authFailed = _meter.CreateCounter<long>("engine_auth_failed_total", "{login}", "Failed logins by listener. Alert on a jump: a wrong password in a client, or somebody guesses.");
        _turnedAway = _meter.CreateCounter<long>("engine_turned_away_total", "{connection}", "Connections ended before the greeting, by reason: descriptors, connections, client, role. Alert on descriptors: the process is short of them.");
        if (descriptors is not null)
        {
            _meter.CreateObservableGauge("engine_descriptors_free", () => descriptors.Free, "{descriptor}", "File descriptors left to the process. Alert below twice the reserve, which is a tenth of the limit and at least 256: below it submission answers 421.");
            _meter.CreateObservableGauge("engine_descriptors_limit", () => descriptors.Limit, "{descriptor}", "File descriptors the process may have open.");
        }
    }

    /// <summary>A connection was ended before its greeting.</summary>
    public void TurnedAway(string reason) => _turnedAway.Add(1, KeyValuePair.Create("reason", (object?)reason));

    public void Accepted(int recipients) => _accepted.Add(recipients);

    /// <summary>As events and metrics write it.</summary>
    public static string LabelOf(RejectReason reason) => (string)Reasons[(int)reason].Value!;

    public void Rejected(RejectReason reason) => _rejected.Add(1, Reasons[(int)reason]);

    public void AuthFailed(string listener) => _authFailed.Add(1, KeyValuePair.Create("listener", (object?)listener));

    public void Dispose() => _meter.Dispose();
}
