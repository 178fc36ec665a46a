using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>The report of one domain about one day, on its way.</summary>
internal sealed class TlsReportErrand(DateOnly day, DomainName domain)
{
    public DateOnly Day => day;

    public DomainName Domain => domain;

    /// <summary>After that it is given up: 24 h after the day. RFC 8460 §5.4.</summary>
    public DateTimeOffset Deadline { get; } = new(day.AddDays(2).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    /// <summary>Tries that did not bring it to its end.</summary>
    public int Tries { get; set; }

    /// <summary>Where it is still to go; null until the record was asked for.</summary>
    public List<TlsReportTarget>? Open { get; set; }

    /// <summary>What went wrong last; empty for nothing.</summary>
    public string Trouble { get; set; } = string.Empty;
}
