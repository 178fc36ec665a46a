using System.Runtime.CompilerServices;
using Engine.Limits;
using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>What limits one lane when it pulls for one pool.</summary>
/// <param name="version">Version of the limit tree.</param>
/// <param name="own">Limits of lane dimensions only, narrow first.</param>
/// <param name="find">Finds the limits that need the flow too.</param>
internal sealed class LaneLimits(int version, Limit[] own, Func<Flow, Limit[]> find)
{
    private readonly ConditionalWeakTable<Flow, Limit[]> _mixed = [];

    public int Version { get; } = version;

    public Limit[] Own { get; } = own;

    /// <summary>Messages before QUIT; <see cref="int.MaxValue"/> when no limit says.</summary>
    public int MessagesPerConnection { get; } =
        own.Min(limit => limit.Options.MessagesPerConnection) ?? int.MaxValue;

    public Limit[] Mixed(Flow flow) => _mixed.GetValue(flow, key => find(key));
}
