namespace Engine.Delivery.Smtp;

/// <summary>What the session does next while a connection opens.</summary>
internal enum OpeningStep : byte
{
    SendEhlo,
    SendHelo,
    SendStartTls,

    /// <summary>Take the client's side of the handshake, then say <see cref="SmtpOpening.OnSecured"/>.</summary>
    Secure,

    /// <summary>AUTH PLAIN with its initial response. RFC 4954 §4, RFC 4616.</summary>
    SendAuthPlain,

    /// <summary>AUTH LOGIN, for servers that offer no PLAIN.</summary>
    SendAuthLogin,

    /// <summary>The user name, as AUTH LOGIN asks for it.</summary>
    SendUser,

    /// <summary>The password, as AUTH LOGIN asks for it.</summary>
    SendPassword,

    /// <summary>The first MAIL may follow.</summary>
    Ready,

    /// <summary>The server said no; its reply is the verdict on the connection.</summary>
    Refused,

    /// <summary>TLS is required, and the server does not offer it.</summary>
    NoTls,

    /// <summary>REQUIRETLS is asked for, and the server does not offer it.</summary>
    NoRequireTls,

    /// <summary>REQUIRETLS is asked for, and the server knows only HELO within TLS.</summary>
    NoEhlo,

    /// <summary>A login is asked for, and the server offers none that may be used on this connection.</summary>
    NoLogin,

    /// <summary>The server goes by a name of our own: mail would loop.</summary>
    Ourselves,

    /// <summary>Out of step.</summary>
    Close,
}
