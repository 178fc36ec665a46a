namespace Engine.Wire;

/// <summary>What one receive brought.</summary>
/// <param name="Count">Octets, 0 with any fault.</param>
/// <param name="Fault">None when octets came.</param>
internal readonly record struct Received(int Count, WireFault Fault);
