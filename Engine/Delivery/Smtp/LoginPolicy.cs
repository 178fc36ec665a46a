namespace Engine.Delivery.Smtp;

/// <summary>Whether the client logs in, and over what.</summary>
internal enum LoginPolicy : byte
{
    /// <summary>It does not.</summary>
    None,

    /// <summary>Only through TLS: a password in the clear is everybody's. RFC 4954 §4.</summary>
    Encrypted,

    /// <summary>In the clear too: the server is on this host, and the operator said that TLS is off.</summary>
    Clear,
}
