using System.Buffers;
using Engine.Mail;

namespace Engine.Queue;

/// <summary>A message read back from the log. Pooled: dispose it once, and use nothing of it afterwards.</summary>
internal sealed class StoredMessage : IDisposable
{
    /// <summary>Decodes the whole envelope; for events of failures, notices and operators. Allocates.</summary>
    public Envelope Envelope => throw new NotImplementedException();

    public ReadOnlyMemory<byte> Sender => throw new NotImplementedException();

    public BodyNeeds Needs => throw new NotImplementedException();

    /// <summary>RET; no allocation.</summary>
    public ReturnContent Return => throw new NotImplementedException();

    /// <summary>ENVID in octets as given; empty when absent.</summary>
    public ReadOnlyMemory<byte> EnvelopeId => throw new NotImplementedException();

    /// <summary>The address of one recipient, without brackets. No allocation.</summary>
    public ReadOnlyMemory<byte> AddressOf(int recipient) => throw new NotImplementedException();

    public Notify NotifyOf(int recipient) => throw new NotImplementedException();

    /// <summary>ORCPT in octets as given; empty when absent.</summary>
    public ReadOnlyMemory<byte> OriginalRecipientOf(int recipient) => throw new NotImplementedException();

    /// <summary>Number of the head that goes to a recipient: recipients share a transaction only when it is equal.</summary>
    public int HeadOf(int recipient) => throw new NotImplementedException();

    /// <summary>The header block of a head, with the empty line that ends it.</summary>
    public ReadOnlyMemory<byte> Head(int head) => throw new NotImplementedException();

    /// <summary>The body. Large contents come in several segments; never copied together.</summary>
    public ReadOnlySequence<byte> Content => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
