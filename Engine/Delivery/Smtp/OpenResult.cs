using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>What opening a session brought.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Verdict">The refusing reply; otherwise code 0, the command that was waiting, and what went wrong.</param>
/// <param name="Fault">Of the network, where there was one.</param>
internal readonly record struct OpenResult(OpenState State, Verdict Verdict, WireFault Fault);
