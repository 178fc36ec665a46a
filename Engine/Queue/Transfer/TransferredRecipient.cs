using Engine.Queue.Frames;

namespace Engine.Queue.Transfer;

/// <summary>How far a recipient had come where it was exported.</summary>
/// <param name="Index">In the envelope there; the envelope of an export holds only those that were left.</param>
/// <param name="Attempts">Counted there.</param>
/// <param name="Due">Next attempt not before; null when it never waited for one.</param>
/// <param name="IsHeld">By an operator; a hold for the export itself does not count.</param>
/// <param name="Last">The last deferral with its reply; null when there was none.</param>
internal sealed record TransferredRecipient(int Index, int Attempts, DateTimeOffset? Due, bool IsHeld, DeferRecord? Last);
