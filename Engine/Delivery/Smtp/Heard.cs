using Engine.Wire;

namespace Engine.Delivery.Smtp;

/// <summary>What waiting for a reply brought.</summary>
/// <param name="Result">NeedMore when the connection ended inside or before the reply: see the fault.</param>
/// <param name="Reply">When complete; borrowed until the next one is asked for.</param>
/// <param name="Fault">When not complete.</param>
internal readonly record struct Heard(ReadResult Result, Reply Reply, WireFault Fault);
