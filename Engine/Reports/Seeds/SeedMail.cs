using System.Globalization;
using System.Text;
using Engine.Mail;

namespace Engine.Reports.Seeds;

/// <summary>Writes probes: small, and honest about what they are.</summary>
/// <param name="hostname">Who sends them; probes of another engine in the same mailbox are left alone.</param>
internal sealed class SeedMail(string hostname)
{
    /// <summary>Header field by which a probe is found.</summary>
    public const string Field = "X-Engine-Probe";

    /// <summary>What all probes of this engine have in that field.</summary>
    public string Mark => $"@{hostname}";

    /// <summary>The field's value.</summary>
    public string ValueOf(string token) => $"{token}{Mark}";

    /// <summary>The whole message, CRLF line ends.</summary>
    public ReadOnlyMemory<byte> Write(SeedPlan plan, SeedProbe probe, Mailbox from) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"""
        From: Delivery probe <{from}>
        To: <{plan.Options.Address}>
        Subject: Delivery probe from {hostname}
        Date: {probe.Sent.UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} +0000
        Message-ID: <{probe.Token}@{from.Domain}>
        {Field}: {ValueOf(probe.Token)}
        Auto-Submitted: auto-generated
        MIME-Version: 1.0
        Content-Type: text/plain; charset=us-ascii

        This message measures how mail from {hostname} arrives.
        It was sent at {probe.Sent.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC to a mailbox of our own.
        Nobody needs to read it, and it is removed after some days.

        """).ReplaceLineEndings("\r\n"));
}
