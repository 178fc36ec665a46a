using Engine.Mail;

namespace Engine.Tests.Simulation;

/// <summary>A recipient in a simulation; its number is its slot.</summary>
internal sealed class SimulatedRecipient(int number, Flow flow, string operatorName, DateTimeOffset accepted)
{
    public int Number { get; } = number;

    public Flow Flow { get; } = flow;

    public string Operator { get; } = operatorName;

    public DateTimeOffset Accepted { get; } = accepted;

    /// <summary>When it first could have gone: accepted, or due again.</summary>
    public DateTimeOffset Due { get; set; } = accepted;

    public ushort Attempts { get; set; }

    public Category LastCategory { get; set; }

    public DateTimeOffset? Delivered { get; set; }

    public DateTimeOffset? Failed { get; set; }

    /// <summary>Source of each attempt, in order.</summary>
    public List<string> Sources { get; } = [];

    public TimeSpan? Waited => Delivered - Accepted;
}
