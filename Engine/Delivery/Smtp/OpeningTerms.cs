using System.Text;
using Engine.Configuration;

namespace Engine.Delivery.Smtp;

/// <summary>What the opening of a session must come to.</summary>
/// <param name="Tls">Whether to ask for STARTTLS.</param>
/// <param name="Login">Whether to log in.</param>
/// <param name="Self">Names the server must not go by, compared without case: they are ours, and mail would loop. Null checks none.</param>
internal readonly record struct OpeningTerms(TlsPolicy Tls, LoginPolicy Login = LoginPolicy.None, IReadOnlySet<string>? Self = null)
{
    /// <summary>Whether the offer must have REQUIRETLS. RFC 8689 §4.2.1.</summary>
    public bool NeedsRequireTls { get; init; }

    /// <summary>Whether there is no way in the clear.</summary>
    public bool MustEncrypt => Tls is TlsPolicy.Required or TlsPolicy.Verified;

    /// <summary>Whether a greeting or an answer to EHLO gives one of our own names. RFC 5321 §4.2: the name is the first word of the first line.</summary>
    public bool IsSelf(in Reply reply)
    {
        if (Self is null)
        {
            return false;
        }

        foreach (var line in new ReplyLines(reply))
        {
            var end = line.IndexOf((byte)' ');
            return Self.Contains(Encoding.ASCII.GetString(end < 0 ? line : line[..end]));
        }

        return false;
    }
}
