using Engine.Configuration;
using Engine.Mail;

namespace Engine.Delivery.Smtp;

/// <summary>From the greeting to the first MAIL: RFC 5321 §3.1 and §3.2, RFC 3207, RFC 4954.</summary>
/// <remarks>
/// <code>
/// stage      2xx                                  3xx            4xx                       5xx
/// Greeting   SendEhlo, or Ourselves               close          refused                   refused
/// Ehlo       SendStartTls, login, NoTls, NoRequireTls  close     refused                   SendHelo
/// Helo       login, NoTls or NoEhlo               close          refused                   refused
/// StartTls   Secure                               close          login in the clear; refused when TLS is required, and by 421
/// Plain      Ready                                close          refused                   504, 534: SendAuthLogin where offered; else refused
/// Login      close                                SendUser       refused                   refused
/// User       close                                SendPassword   refused                   refused
/// Password   Ready                                close          refused                   refused
/// </code>
/// Login is Ready where no login is asked for, NoLogin where no mechanism is offered that may be used, else SendAuthPlain or SendAuthLogin.
/// After the handshake everything the server said before is forgotten, and EHLO is said again (RFC 3207 §4.2). A password
/// refused once (535) is not tried by another mechanism: servers lock accounts by counting.
/// </remarks>
internal struct SmtpOpening(in OpeningTerms terms)
{
    private readonly OpeningTerms _terms = terms;
    private Stage _stage = Stage.Greeting;
    private bool _isSecured;

    private enum Stage : byte
    {
        Greeting,
        Ehlo,
        Helo,
        StartTls,
        Plain,
        Login,
        User,
        Password,
        Over,
    }

    /// <summary>The command whose reply comes next; Connect for the greeting.</summary>
    public readonly SmtpCommand Awaits => _stage switch
    {
        Stage.Greeting => SmtpCommand.Connect,
        Stage.Ehlo or Stage.Helo => SmtpCommand.Ehlo,
        Stage.StartTls => SmtpCommand.StartTls,
        Stage.Plain or Stage.Login or Stage.User or Stage.Password => SmtpCommand.Auth,
        _ => SmtpCommand.None,
    };

    /// <summary>The offer in force: of the last EHLO.</summary>
    public EhloOffer Offer { get; private set; }

    /// <exception cref="InvalidOperationException">The opening is over.</exception>
    public OpeningStep Accept(in Reply reply) => (_stage, reply.Severity) switch
    {
        (Stage.Over, _) => throw new InvalidOperationException("The opening is over."),
        (Stage.Login, Severity.Intermediate) => Go(Stage.User, OpeningStep.SendUser),
        (Stage.User, Severity.Intermediate) => Go(Stage.Password, OpeningStep.SendPassword),
        (_, Severity.Intermediate) => End(OpeningStep.Close),
        _ when reply.Code is 421 => End(OpeningStep.Refused),
        (Stage.Greeting or Stage.Ehlo or Stage.Helo, Severity.Positive) when _terms.IsSelf(reply) => End(OpeningStep.Ourselves),
        (Stage.Greeting, Severity.Positive) => Go(Stage.Ehlo, OpeningStep.SendEhlo),
        (Stage.Ehlo, Severity.Positive) => OnOffer(EhloOffer.Parse(reply)),
        (Stage.Ehlo, Severity.Permanent) => Go(Stage.Helo, OpeningStep.SendHelo),
        (Stage.Helo, Severity.Positive) => OnOffer(default),
        (Stage.StartTls, Severity.Positive) => Go(Stage.Ehlo, OpeningStep.Secure),
        (Stage.StartTls, _) when !_terms.MustEncrypt => LogIn(),
        (Stage.Plain or Stage.Password, Severity.Positive) => End(OpeningStep.Ready),
        (Stage.Login or Stage.User, Severity.Positive) => End(OpeningStep.Close),
        (Stage.Plain, _) when reply.Code is 504 or 534 && Offer.Has(Extensions.AuthLogin) => Go(Stage.Login, OpeningStep.SendAuthLogin),
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
        // RFC 8689 §4.1: it may be offered within TLS only.
        Offer = _isSecured ? offer : offer with { Extensions = offer.Extensions & ~Extensions.RequireTls };
        return (_isSecured, offer.Has(Extensions.StartTls), _terms.Tls) switch
        {
            (true, _, _) when _terms.NeedsRequireTls && !offer.Has(Extensions.RequireTls) => End(_stage is Stage.Helo ? OpeningStep.NoEhlo : OpeningStep.NoRequireTls),
            (true, _, _) or (_, _, TlsPolicy.Off) => LogIn(),
            (_, true, _) => Go(Stage.StartTls, OpeningStep.SendStartTls),
            _ => _terms.MustEncrypt ? End(OpeningStep.NoTls) : LogIn(),
        };
    }

    private OpeningStep LogIn() => _terms.Login switch
    {
        LoginPolicy.None => End(OpeningStep.Ready),
        LoginPolicy.Encrypted when !_isSecured => End(OpeningStep.NoLogin),
        _ when Offer.Has(Extensions.AuthPlain) => Go(Stage.Plain, OpeningStep.SendAuthPlain),
        _ when Offer.Has(Extensions.AuthLogin) => Go(Stage.Login, OpeningStep.SendAuthLogin),
        _ => End(OpeningStep.NoLogin),
    };

    private OpeningStep Go(Stage stage, OpeningStep step)
    {
        _stage = stage;
        return step;
    }

    private OpeningStep End(OpeningStep step) => Go(Stage.Over, step);
}
