using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>Which report it is. Everything follows from these, so that writing it again gives the same report. RFC 8460 §5.1, §5.3.</summary>
/// <param name="Day">The day of UTC it is about.</param>
/// <param name="Domain">The policy domain.</param>
/// <param name="Submitter">Domain of our From header.</param>
/// <param name="Node">Key <c>node</c>: each engine of a fleet reports what it counted itself, under ids of its own.</param>
internal sealed record TlsReportName(DateOnly Day, DomainName Domain, DomainName Submitter, int Node)
{
    private const ulong Low52 = (1UL << 52) - 1;

    /// <summary><c>start-datetime</c>.</summary>
    public DateTimeOffset Begin => new(Day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary><c>end-datetime</c>: the last second.</summary>
    public DateTimeOffset End => Begin.AddDays(1).AddSeconds(-1);

    /// <summary><c>report-id</c>, in the form of a Message-ID without brackets.</summary>
    public string Id => $"{Mark}@{Submitter}";

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{Submitter}!{Domain}!{Begin.ToUnixTimeSeconds()}!{End.ToUnixTimeSeconds()}!{Mark}.json.gz");

    /// <summary>Subject, folded.</summary>
    public string Subject => $"Report Domain: {Domain}\r\n\tSubmitter: {Submitter}\r\n\tReport-ID: <{Id}>";

    private string Mark => string.Create(CultureInfo.InvariantCulture, $"{Day:yyyyMMdd}.{Hash(string.Empty):x16}");

    /// <summary>The queue's id for the report to one place: a repeat after a crash is known there.</summary>
    /// <param name="target">The place.</param>
    public MessageId MessageIdFor(TlsReportTarget target) => new(((ulong)Node << 52) | (Hash(target.Key) & Low52));

    /// <summary>How long after midnight it is made: from one minute to four hours, so that not all reports of the world leave at once (§4.1).</summary>
    public TimeSpan Delay => TimeSpan.FromSeconds(60 + (Hash("delay") % ((4 * 3_600) - 60)));

    private ulong Hash(string part) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{Day:O} {Domain} {Submitter} {Node} {part}")));
}
