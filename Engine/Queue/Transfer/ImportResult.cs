namespace Engine.Queue.Transfer;

/// <summary>What became of an import.</summary>
/// <param name="Messages">Taken, on stable storage.</param>
/// <param name="Recipients">Of these.</param>
/// <param name="Held">Of these.</param>
/// <param name="Known">Messages queued here already, or taken from the same export before: passed over.</param>
/// <param name="Refused">Messages that were not taken, by reason.</param>
internal sealed record ImportResult(long Messages, long Recipients, long Held, long Known, IReadOnlyDictionary<string, long> Refused);
