using System.Diagnostics.CodeAnalysis;
using System.Text;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>One place that wants reports: a URI of <c>rua=</c>.</summary>
internal sealed record TlsReportTarget
{
    /// <summary>Characters of a URI.</summary>
    public const int MaxLength = 1_024;

    private TlsReportTarget(TlsReportWay way, Uri uri, Mailbox address) => (Way, Uri, Address) = (way, uri, address);

    public TlsReportWay Way { get; }

    public Uri Uri { get; }

    /// <summary>For mail; else the null path.</summary>
    public Mailbox Address { get; }

    /// <summary>Equal for equal places.</summary>
    public string Key => Way is TlsReportWay.Mail ? $"mailto:{Encoding.UTF8.GetString(Address.Local)}@{Address.Domain}" : Uri.AbsoluteUri;

    /// <summary>What is counted against floods: the mailbox without what follows a <c>+</c>, the URI without its query. Whoever varies those means the same place.</summary>
    public string Place => Way is TlsReportWay.Mail
        ? $"mailto:{Encoding.UTF8.GetString(Address.Local).Split('+')[0]}@{Address.Domain}"
        : Uri.GetLeftPart(UriPartial.Path);

    /// <summary>Domain of the mailbox, or host of the URI.</summary>
    public string Host => Way is TlsReportWay.Mail ? Address.Domain.Name : Uri.IdnHost;

    /// <summary>What a mailto says beside one address, such as a subject, is passed over.</summary>
    /// <param name="text">The URI.</param>
    /// <param name="target">Null for a scheme that is neither mailto nor https: nothing can be sent there.</param>
    /// <returns>False when it is no URI.</returns>
    public static bool TryParse(string text, out TlsReportTarget? target)
    {
        target = null;
        if (text.Length is 0 or > MaxLength || text.Any(letter => letter is <= ' ' or > '~' or '!') || !Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            return false;
        }

        if (uri.Scheme == Uri.UriSchemeHttps)
        {
            target = uri is { UserInfo: "", Host.Length: > 0 } ? new TlsReportTarget(TlsReportWay.Https, uri, default) : null;
            return target is not null;
        }

        if (uri.Scheme != Uri.UriSchemeMailto)
        {
            return true;
        }

        if (!TryParseAddress(text, out var address))
        {
            return false;
        }

        // A quoted blank would end a word of the ledger; nobody takes reports there.
        target = address.Local.ContainsAnyExceptInRange((byte)'!', (byte)'~') ? null : new TlsReportTarget(TlsReportWay.Mail, uri, address);
        return true;
    }

    public bool Equals([NotNullWhen(true)] TlsReportTarget? other) => other is not null && Key == other.Key;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Key;

    private static bool TryParseAddress(string text, out Mailbox address)
    {
        var start = "mailto:".Length;
        var end = text.IndexOf('?', StringComparison.Ordinal);
        return Mailbox.TryParse(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(text[start..(end < 0 ? text.Length : end)])), allowUtf8: false, out address);
    }
}
