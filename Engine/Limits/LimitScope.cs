namespace Engine.Limits;

/// <summary>Which part of a delivery a limit depends on, and so who waits for it.</summary>
internal enum LimitScope : byte
{
    /// <summary>Provider, destination, source or pool, or nothing: the lane waits.</summary>
    Lane,

    /// <summary>Account, sender domain, campaign, stream or class, perhaps at a provider, destination or pool: the flow waits.</summary>
    Flow,

    /// <summary>A flow by one source: the flow may go by another, the lane waits.</summary>
    FlowOfSource,
}
