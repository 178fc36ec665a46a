using Engine.Configuration;
using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>From the greeting to the first MAIL: RFC 5321 §3.1 and §3.2, RFC 3207.</summary>
/// <remarks>
/// <code>
/// stage      2xx                                  3xx     4xx                       5xx
/// Greeting   SendEhlo                             close   refused                   refused
/// Ehlo       SendStartTls, Ready or NoTls         close   refused                   SendHelo
/// Helo       Ready, or NoTls                      close   refused                   refused
/// StartTls   Secure                               close   Ready in the clear; refused when TLS is required, and by 421
/// </code>
/// After the handshake everything the server said before is forgotten, and EHLO is said again (RFC 3207 §4.2).
/// </remarks>
internal struct SmtpOpening(TlsPolicy policy)
{
    private readonly TlsPolicy _policy = policy;
    private Stage _stage = Stage.Greeting;
    private bool _isSecured;

    private enum Stage : byte
    {
        Greeting,
        Ehlo,
        Helo,
        StartTls,
        Over,
    }

    /// <summary>The command whose reply comes next; Connect for the greeting.</summary>
    public readonly SmtpCommand Awaits => _stage switch
    {
        Stage.Greeting => SmtpCommand.Connect,
        Stage.Ehlo or Stage.Helo => SmtpCommand.Ehlo,
        Stage.StartTls => SmtpCommand.StartTls,
        _ => SmtpCommand.None,
    };

    /// <summary>The offer in force: of the last EHLO.</summary>
    public EhloOffer Offer { get; private set; }

    /// <exception cref="InvalidOperationException">The opening is over.</exception>
    public OpeningStep Accept(in Reply reply) => (_stage, reply.Severity) switch
    {
        (Stage.Over, _) => throw new InvalidOperationException("The opening is over."),
        (_, Severity.Intermediate) => End(OpeningStep.Close),
        _ when reply.Code is 421 => End(OpeningStep.Refused),
        (Stage.Greeting, Severity.Positive) => Go(Stage.Ehlo, OpeningStep.SendEhlo),
        (Stage.Ehlo, Severity.Positive) => OnOffer(EhloOffer.Parse(reply)),
        (Stage.Ehlo, Severity.Permanent) => Go(Stage.Helo, OpeningStep.SendHelo),
        (Stage.Helo, Severity.Positive) => OnOffer(default),
        (Stage.StartTls, Severity.Positive) => Go(Stage.Ehlo, OpeningStep.Secure),
        (Stage.StartTls, _) when _policy is not TlsPolicy.Required => End(OpeningStep.Ready),
        _ => End(OpeningStep.Refused),
    };

    /// <summary>The handshake that <see cref="OpeningStep.Secure"/> asked for succeeded.</summary>
    public OpeningStep OnSecured()
    {
        _isSecured = true;
        Offer = default;
        return OpeningStep.SendEhlo;
    }

    private OpeningStep OnOffer(EhloOffer offer)
    {
        Offer = offer;
        return (_isSecured, offer.Has(Extensions.StartTls), _policy) switch
        {
            (true, _, _) or (_, _, TlsPolicy.Off) => End(OpeningStep.Ready),
            (_, true, _) => Go(Stage.StartTls, OpeningStep.SendStartTls),
            (_, _, TlsPolicy.Required) => End(OpeningStep.NoTls),
            _ => End(OpeningStep.Ready),
        };
    }

    private OpeningStep Go(Stage stage, OpeningStep step)
    {
        _stage = stage;
        return step;
    }

    private OpeningStep End(OpeningStep step) => Go(Stage.Over, step);
}
