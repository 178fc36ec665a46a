using System.Globalization;
using Engine.Queue.Spool;

namespace Engine.Cli;

/// <summary>The report of <c>spool verify</c> for people.</summary>
internal static class SpoolText
{
    public static void Write(SpoolReport report)
    {
        Output.Line(report.Directory);
        if (report.IsRunning)
        {
            Output.Line("an engine is running: read up to the commit marks only; figures are of the moment");
        }

        foreach (var log in report.Logs.OrderBy(static log => (log.Shard, log.Generation)))
        {
            Write(log);
        }

        Output.Line(Invariant($"messages: {report.Messages} whole, {report.Living} with recipients queued; recipients queued: {report.QueuedRecipients}, held: {report.HeldRecipients}"));
        foreach (var note in Notes(report))
        {
            Output.Line(note);
        }

        foreach (var damage in report.Logs.SelectMany(static log => log.Torn))
        {
            Output.Line($"torn (never acknowledged): {damage}");
        }

        foreach (var damage in report.Logs.SelectMany(static log => log.Damages))
        {
            Output.Line($"DAMAGED: {damage}");
        }

        foreach (var line in Lost(report))
        {
            Output.Line(line);
        }

        Output.Line(report.IsDamaged
            ? Invariant($"{report.Logs.Sum(static log => log.DamageCount)} damaged places; take out what is whole with 'engine spool salvage --to FILE'")
            : "nothing is damaged");
    }

    /// <summary>A line for each message that is lost, and what salvage cannot know.</summary>
    public static IEnumerable<string> Lost(SpoolReport report)
    {
        foreach (var lost in report.Lost)
        {
            var who = lost.Recipients.Count > 0 ? $" to {string.Join(", ", lost.Recipients)}" : string.Empty;
            yield return $"lost: message {(lost.Id == default ? "of unknown id" : lost.Id.ToString())}{who}: {lost.Reason} ({lost.Place})";
        }

        var nameless = report.Logs.SelectMany(static log => log.Damages).Where(static damage => damage.Id == default).Sum(static damage => damage.Missing);
        if (nameless > 0)
        {
            yield return Invariant($"lost: {nameless} frames of which nothing can be read; they may have been messages, or the end of messages, which then are sent again");
        }

        if (report.Uncertain > 0)
        {
            yield return Invariant($"{report.Uncertain} messages are met as later copies only: without an index snapshot nobody knows which of their recipients had ended, so they count as queued and may be sent again");
        }
    }

    private static void Write(LogReport log)
    {
        Output.Line(Invariant($"shard {log.Shard} generation {log.Generation}: {log.Segments.Count} files, {log.Octets} octets, {log.Frames} frames, {log.Living} octets of living mail"));
        foreach (var (kind, (frames, octets)) in log.Kinds)
        {
            Output.Line(Invariant($"  {kind,-12} {frames,12} frames {octets,16} octets"));
        }

        Output.Line(log.Mark is { } mark
            ? Invariant($"  commit mark {mark.Number}: from address {mark.Begin} to {mark.Until}, next frame {mark.Sequence}; the four: {string.Join(", ", log.Marks).ToLowerInvariant()}")
            : "  no commit mark can be read");
        Output.Line($"  frames {string.Join(", ", log.Sequences.Select(static run => Invariant($"{run.From}–{run.Until - 1}")))}; starts of the engine: {log.Incarnations.Count}");
        if (log.FramesBehind > 0)
        {
            Output.Line(Invariant($"  behind the commit mark: {log.FramesBehind} whole frames, taken at the next start"));
        }

        foreach (var segment in log.Segments)
        {
            Output.Line(Invariant($"  {segment.File}: {segment.Length} octets, {segment.Frames} frames {segment.First}–{segment.Last}, {segment.Damaged} damaged places"));
        }

        if (log.MissingSegments.Count > 0)
        {
            Output.Line($"  MISSING files: {string.Join(", ", log.MissingSegments.Select(static number => Invariant($"log.{number}")))}");
        }
    }

    private static IEnumerable<string> Notes(SpoolReport report)
    {
        if (report.OrphanParts > 0)
        {
            yield return Invariant($"{report.OrphanParts} parts belong to no whole message: never accepted, or their message frame is lost");
        }

        if (report.UnknownFrames > 0)
        {
            yield return Invariant($"{report.UnknownFrames} frames are of kinds this engine does not know; what they ended counts as queued");
        }

        foreach (var (file, length, written) in report.Snapshots)
        {
            yield return Invariant($"index snapshot {file}: {length} octets, written {written:u}");
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
