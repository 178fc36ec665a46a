using System.Runtime.CompilerServices;
using Engine.Mail;

namespace Engine.Delivery;

/// <summary>A flow without its engagement, which recipients carry on their own: those of one sender take turns together. Made once for each. Thread-safe.</summary>
internal sealed class PlainFlows
{
    private readonly ConditionalWeakTable<Flow, Flow> _plain = [];

    public Flow Of(Flow flow) =>
        flow.Engagement is Engagement.Normal ? flow : _plain.GetValue(flow, static key => key with { Engagement = Engagement.Normal });
}
