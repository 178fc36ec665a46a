using System.Buffers;
using System.Text;

namespace Engine.Demo;

/// <summary>Writes replies of a scripted receiver, with enhanced codes or without.</summary>
internal sealed class ReceiverReplies(ReceiverScript script)
{
    // "2.1.0 " stands behind "250 ".
    private const int CodeLength = 4;
    private const int EnhancedLength = 6;

    private readonly ArrayBufferWriter<byte> _buffer = new(512);
    private readonly bool _enhanced = script.Offers.HasFlag(ReceiverOffers.EnhancedStatusCodes);

    /// <summary>Replies not sent yet; valid until the next call.</summary>
    public ReadOnlyMemory<byte> Pending => _buffer.WrittenMemory;

    public void Sent() => _buffer.ResetWrittenCount();

    /// <summary>A line without its CRLF, code and enhanced code first.</summary>
    public void Say(ReadOnlySpan<byte> line)
    {
        _buffer.Write(line[..CodeLength]);
        _buffer.Write(line[(_enhanced ? CodeLength : CodeLength + EnhancedLength)..]);
        _buffer.Write("\r\n"u8);
    }

    /// <summary>A line that never has an enhanced code.</summary>
    public void SayPlain(string line)
    {
        Encoding.ASCII.GetBytes(line, _buffer);
        _buffer.Write("\r\n"u8);
    }

    /// <summary>The answer to EHLO.</summary>
    /// <param name="isSecure">TLS is on, so STARTTLS is offered no more. RFC 3207 §4.2.</param>
    public void Greet(bool isSecure)
    {
        var lines = new List<string> { script.Hostname };
        Add(ReceiverOffers.Pipelining, "PIPELINING");
        Add(ReceiverOffers.Chunking, "CHUNKING");
        Add(ReceiverOffers.EightBitMime, "8BITMIME");
        Add(ReceiverOffers.Size, FormattableString.Invariant($"SIZE {script.MaxSize}"));
        Add(ReceiverOffers.SmtpUtf8, "SMTPUTF8");
        Add(ReceiverOffers.EnhancedStatusCodes, "ENHANCEDSTATUSCODES");
        Add(ReceiverOffers.AuthPlain, "AUTH PLAIN");
        if (!isSecure && script.Certificate is not null)
        {
            Add(ReceiverOffers.StartTls, "STARTTLS");
        }

        for (var at = 0; at < lines.Count; at++)
        {
            SayPlain((at < lines.Count - 1 ? "250-" : "250 ") + lines[at]);
        }

        void Add(ReceiverOffers offer, string line)
        {
            if (script.Offers.HasFlag(offer))
            {
                lines.Add(line);
            }
        }
    }
}
