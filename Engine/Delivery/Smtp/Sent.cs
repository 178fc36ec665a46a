using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>How writing a part of a message ended.</summary>
internal enum SentKind : byte
{
    Sent,

    /// <summary>The network failed: see the fault. The last octet did not go out.</summary>
    Lost,

    /// <summary>The message holds what may not leave. What came before it may have gone out, its end has not.</summary>
    Unclean,

    /// <summary>The server spoke before it was its turn; nothing was sent, or not the end.</summary>
    Early,

    /// <summary>A piece of the content could not be read back; the end was not sent.</summary>
    Unreadable,
}

/// <summary>What writing a part of a message brought.</summary>
internal readonly record struct Sent(SentKind Kind, WireFault Fault = WireFault.None)
{
    /// <summary>What the disk said, with <see cref="SentKind.Unreadable"/>.</summary>
    public string? Remark { get; init; }

    public static Sent Of(WireFault fault) => new(fault is WireFault.None ? SentKind.Sent : SentKind.Lost, fault);
}
