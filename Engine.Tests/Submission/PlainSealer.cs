using System.Text;
using Engine.Dkim;
using Engine.Mail;
using Engine.Queue;
using Engine.Submission;

namespace Engine.Tests.Submission;

/// <summary>Signs nothing; with a domain it notes the body it was fed for it, to show what a signer would see.</summary>
internal sealed class PlainSealer(string? signed = null) : IHeadSealer
{
    private readonly StringBuilder _body = new();

    public string Body => _body.ToString();

    public Sealing Begin(DomainName headerFrom)
    {
        _ = _body.Clear();
        return headerFrom.Name == signed ? Sealing.Signed : Sealing.Unsigned;
    }

    public void AppendBody(ReadOnlySpan<byte> octets) => _body.Append(Encoding.Latin1.GetString(octets));

    public ValueTask<MessageHead> SealAsync(ReadOnlyMemory<byte> head, SigningTime time, CancellationToken stop) =>
        new(new MessageHead(head, [], default));

    public void Dispose()
    {
    }
}
