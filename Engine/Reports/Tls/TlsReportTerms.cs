using Engine.Configuration;
using Engine.Mail;

namespace Engine.Reports.Tls;

/// <summary>How reports are made now, out of the configuration.</summary>
internal sealed record TlsReportTerms
{
    public required bool IsOn { get; init; }

    /// <summary><c>organization-name</c>.</summary>
    public required string Organization { get; init; }

    /// <summary><c>contact-info</c>.</summary>
    public required string Contact { get; init; }

    /// <summary>From header; its domain is the submitter.</summary>
    public required Mailbox From { get; init; }

    public required int Node { get; init; }

    /// <summary>Reports made.</summary>
    public required Rate Rate { get; init; }

    public static TlsReportTerms Of(EngineOptions options)
    {
        var from = options.System.From ?? $"mailer-daemon@{options.Hostname}";
        return new TlsReportTerms
        {
            IsOn = options.Delivery.Tls.Report,
            Organization = options.System.Organization ?? options.Hostname,
            Contact = options.System.Contact ?? from,
            From = Mailbox.Parse(from),
            Node = options.Node,
            Rate = options.System.Rate,
        };
    }
}
