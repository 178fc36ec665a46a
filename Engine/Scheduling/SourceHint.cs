using Engine.Mail;

namespace Engine.Scheduling;

/// <summary>The source a recipient should leave by: the one a greylisting server has seen. Only its lane may pull it for a while, unless that lane may not send.</summary>
/// <param name="Source">Which.</param>
/// <param name="Until">Timestamp from which any may; 0 for no wish.</param>
internal readonly record struct SourceHint(SourceId Source, long Until);
