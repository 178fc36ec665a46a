using System.Collections.Concurrent;
using System.Text;
using Engine.Mail;

namespace Engine.Tests.Submission;

internal sealed class CollectedEvents : IEvents
{
    private readonly ConcurrentQueue<Event> _all = new();

    public IReadOnlyList<Event> All => [.. _all];

    /// <summary><c>kind code reason to</c>, a line each.</summary>
    public IReadOnlyList<string> Lines =>
        [.. _all.Select(line => $"{line.Kind} {line.Code} {line.Reason} {Encoding.UTF8.GetString(line.To.Span)}".Replace("  ", " ", StringComparison.Ordinal).TrimEnd())];

    public void Write(in Event line) => _all.Enqueue(line with { To = line.To.ToArray(), From = line.From.ToArray() });
}
