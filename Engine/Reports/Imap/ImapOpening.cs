using System.Text;

namespace Engine.Reports.Imap;

/// <summary>Decides the way from the greeting to a login: TLS first, then the best way to log in that the server offers. No I/O. RFC 9051 §6.2, RFC 8314.</summary>
/// <remarks>What a server said before TLS counts for nothing after it. A password never goes in the clear.</remarks>
/// <param name="isSecured">TLS has begun with the first octet.</param>
internal sealed class ImapOpening(bool isSecured)
{
    private readonly HashSet<string> _capabilities = new(StringComparer.OrdinalIgnoreCase);
    private bool _isSecured = isSecured;
    private bool _isKnown;
    private bool _isIn;

    /// <summary>Why it failed; empty while it did not.</summary>
    public string Trouble { get; private set; } = string.Empty;

    public bool Has(string capability) => _capabilities.Contains(capability);

    /// <summary>Takes the greeting.</summary>
    /// <param name="line">Without <c>* </c>.</param>
    public ImapStep OnGreeting(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("OK"u8))
        {
            Learn(line);
            return Next();
        }

        return Fail(line.StartsWith("PREAUTH"u8) ? "the server takes us for somebody who is logged in already" : "the server does not greet with OK");
    }

    /// <summary>Takes capabilities: an untagged response, or the code of an OK. RFC 9051 §7.2.2.</summary>
    public ImapStep OnCapabilities(IEnumerable<byte[]> lines)
    {
        foreach (var line in lines)
        {
            Learn(line);
        }

        _isKnown = true;
        return _isIn ? ImapStep.Ready : Next();
    }

    public ImapStep OnSecured()
    {
        (_isSecured, _isKnown) = (true, false);
        _capabilities.Clear();
        return ImapStep.Capability;
    }

    /// <summary>Logged in: what the server can do may be more now.</summary>
    public ImapStep OnLogin()
    {
        (_isIn, _isKnown) = (true, false);
        _capabilities.Clear();
        return ImapStep.Capability;
    }

    /// <summary>The connection, or an answer, made it impossible.</summary>
    public void GiveUp(string trouble) => Trouble = trouble;

    private ImapStep Next() => this switch
    {
        { _isKnown: false } => ImapStep.Capability,
        { _isSecured: false } => Has("STARTTLS") ? ImapStep.StartTls : Fail("the server offers no STARTTLS"),
        _ when Has("AUTH=PLAIN") => Has("SASL-IR") ? ImapStep.PlainAtOnce : ImapStep.Plain,
        _ when Has("LOGINDISABLED") => Fail("the server offers no login with a password"),
        _ => ImapStep.Login,
    };

    private ImapStep Fail(string trouble)
    {
        Trouble = trouble;
        return ImapStep.Fail;
    }

    private void Learn(ReadOnlySpan<byte> line)
    {
        var text = Encoding.ASCII.GetString(line).Trim();
        var code = text.IndexOf("[CAPABILITY ", StringComparison.OrdinalIgnoreCase);
        var list = text.StartsWith("CAPABILITY ", StringComparison.OrdinalIgnoreCase) ? text["CAPABILITY ".Length..]
            : code >= 0 && text.IndexOf(']', code) is > 0 and var end ? text[(code + "[CAPABILITY ".Length)..end]
            : null;
        if (list is not null)
        {
            _isKnown = true;
            _capabilities.UnionWith(list.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }
    }
}
