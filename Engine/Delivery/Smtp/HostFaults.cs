namespace Engine.Delivery.Smtp;

/// <summary>What a host offers and is better not taken up on.</summary>
[Flags]
internal enum HostFaults : byte
{
    None = 0,

    /// <summary>One command at a time.</summary>
    Pipelining = 1,

    /// <summary>DATA instead of BDAT.</summary>
    Chunking = 2,

    /// <summary>No envelope behind the end of the message before.</summary>
    Gluing = 4,

    /// <summary>Its handshake fails; noted by the caller, who then asks for <see cref="Configuration.TlsPolicy.Off"/> where nothing but opportunism asks for TLS.</summary>
    Tls = 8,
}
