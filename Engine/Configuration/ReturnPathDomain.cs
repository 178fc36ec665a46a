using System.Text;

namespace Engine.Configuration;

/// <summary>Domain of return paths, ready to be written behind a token. Immutable.</summary>
/// <param name="name">In its one form.</param>
internal sealed class ReturnPathDomain(string name)
{
    /// <summary>Octets a name may have, for a token and <c>@</c> stand before it in a path. RFC 5321 §4.5.3.1.3.</summary>
    public const int MaxLength = Mail.Mailbox.MaxLength - Mail.TokenRing.TextLength - 1;

    private readonly byte[] _octets = Encoding.ASCII.GetBytes("@" + name);

    public string Name { get; } = name;

    /// <summary>The name with <c>@</c> before it.</summary>
    public ReadOnlySpan<byte> Octets => _octets;
}
