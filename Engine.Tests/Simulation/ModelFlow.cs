namespace Engine.Tests.Simulation;

/// <summary>Mail to one modelled receiver.</summary>
/// <param name="Operator">Its name.</param>
/// <param name="Receiver">The receiver.</param>
/// <param name="PerSecond">Messages that come in; infinite for always enough.</param>
internal sealed record ModelFlow(string Operator, ReceiverModel Receiver, double PerSecond)
{
    /// <summary>Campaigns, taken in turn.</summary>
    public IReadOnlyList<string> Campaigns { get; init; } = ["c"];
}
