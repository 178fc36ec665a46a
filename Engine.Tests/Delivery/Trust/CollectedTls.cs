using System.Collections.Concurrent;
using Engine.Mail;

namespace Engine.Tests.Delivery.Trust;

/// <summary>What TLS came to, as it was told.</summary>
internal sealed class CollectedTls : ITlsResults
{
    public ConcurrentQueue<TlsResult> All { get; } = [];

    /// <summary><c>policy failure</c>, one for each.</summary>
    public string Text => string.Join(", ", All.Select(result => $"{result.Policy} {result.Failure}"));

    public void Record(in TlsResult result) => All.Enqueue(result);
}
