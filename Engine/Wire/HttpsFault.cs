namespace Engine.Wire;

/// <summary>Why an HTTPS request brought no answer that counts.</summary>
internal enum HttpsFault : byte
{
    None,

    /// <summary>The host has no address, or none that may be connected to.</summary>
    NoAddress,

    /// <summary>No connection, a broken one, or nonsense.</summary>
    Network,

    /// <summary>The certificate is not for this host, not from a root that is trusted, or not valid now.</summary>
    Certificate,

    TimedOut,

    /// <summary>Any status but 2xx, redirects among them: they are not followed.</summary>
    Status,

    /// <summary>The body is longer than was agreed.</summary>
    TooLong,
}
