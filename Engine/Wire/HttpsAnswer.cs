namespace Engine.Wire;

/// <summary>What an HTTPS request brought.</summary>
/// <param name="Fault">None: a status of 2xx and the whole body.</param>
/// <param name="Status">HTTP status; 0 when none came.</param>
/// <param name="MediaType">Content-Type without parameters, as sent; empty when absent.</param>
/// <param name="Body">Empty unless good.</param>
/// <param name="Reason">What went wrong, a few words of ours for logs and reports; empty when good.</param>
internal readonly record struct HttpsAnswer(HttpsFault Fault, int Status, string MediaType, ReadOnlyMemory<byte> Body, string Reason)
{
    public bool IsGood => Fault is HttpsFault.None;

    public static HttpsAnswer Failed(HttpsFault fault, string reason, int status = 0) => new(fault, status, string.Empty, default, reason);
}
