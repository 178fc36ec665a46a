namespace Engine.Delivery.Smtp;

/// <summary>What the session does next while a connection opens.</summary>
internal enum OpeningStep : byte
{
    SendEhlo,
    SendHelo,
    SendStartTls,

    /// <summary>Take the client's side of the handshake, then say <see cref="SmtpOpening.OnSecured"/>.</summary>
    Secure,

    /// <summary>The first MAIL may follow.</summary>
    Ready,

    /// <summary>The server said no; its reply is the verdict on the connection.</summary>
    Refused,

    /// <summary>TLS is required, and the server does not offer it.</summary>
    NoTls,

    /// <summary>Out of step.</summary>
    Close,
}
