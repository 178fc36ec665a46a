using System.Buffers;
using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>One reply of a server.</summary>
/// <param name="Code">200–599.</param>
/// <param name="Enhanced">Enhanced code of the first line, or the default value.</param>
/// <param name="Lines">The whole reply with codes and line ends; borrowed from the receive buffer until the next receive.</param>
internal readonly record struct Reply(ushort Code, EnhancedCode Enhanced, ReadOnlySequence<byte> Lines)
{
    public Severity Severity => (Severity)(Code / 100);
}
