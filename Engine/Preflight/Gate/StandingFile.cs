using System.Text.Json;
using Engine.Mail;

namespace Engine.Preflight.Gate;

/// <summary>Contradictions over restarts: one JSON object a line. What is good is found again.</summary>
internal static class StandingFile
{
    private sealed record Row(string Domain, DateTimeOffset Checked, DateTimeOffset Since, double ObservedSeconds, string Reason, bool Paused, bool Unknown, bool Told = false);

    public static void Save(Stream stream, IEnumerable<DomainStanding> standings)
    {
        foreach (var one in standings.Where(one => one.Since is not null))
        {
            JsonSerializer.Serialize(stream, new Row(one.Domain.Name, one.Checked, one.Since!.Value, one.Observed.TotalSeconds, one.Reason, one.IsPaused, one.Last is GateEvidence.Unknown, one.IsTold));
            stream.WriteByte((byte)'\n');
        }
    }

    /// <exception cref="FormatException">It is damaged.</exception>
    /// <exception cref="JsonException">It is damaged.</exception>
    public static IEnumerable<DomainStanding> Load(Stream stream)
    {
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            var row = JsonSerializer.Deserialize<Row>(line) ?? throw new FormatException("an empty line");
            yield return new DomainStanding(DomainName.Parse(row.Domain), row.Unknown ? GateEvidence.Unknown : GateEvidence.Contradiction, row.Checked)
            {
                Since = row.Since,
                Observed = TimeSpan.FromSeconds(row.ObservedSeconds),
                Reason = row.Reason,
                IsTold = row.Told || row.Paused,
                IsPaused = row.Paused,
            };
        }
    }
}
