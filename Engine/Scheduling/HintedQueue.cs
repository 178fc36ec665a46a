using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>READY for one wanted source: only its lane pulls from it until its time.</summary>
/// <param name="Source">Who may.</param>
/// <param name="Until">Timestamp from which any source may.</param>
/// <param name="Queue">The recipients.</param>
internal sealed record HintedQueue(SourceId Source, long Until, ReadyQueue Queue);
