namespace Engine.Queue;

/// <summary>Chooses signatures by d= and s=.</summary>
internal delegate bool SignaturePredicate(ReadOnlySpan<char> domain, ReadOnlySpan<char> selector);
