namespace Engine.Limits;

/// <summary>Which part of a delivery a limit depends on.</summary>
[Flags]
internal enum LimitScope : byte
{
    None = 0,

    /// <summary>Provider, destination, source or pool.</summary>
    Lane = 1,

    /// <summary>Account, sender domain, campaign, stream or class.</summary>
    Flow = 2,
}
