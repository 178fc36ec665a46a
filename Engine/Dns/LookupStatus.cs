namespace Engine.Dns;

/// <summary>What a question brought.</summary>
internal enum LookupStatus : byte
{
    Found,

    /// <summary>NXDOMAIN: the name does not exist. Authoritative; permanent for mail.</summary>
    NoSuchDomain,

    /// <summary>The name exists, this type does not.</summary>
    NoData,

    /// <summary>MX 0 "." : the domain takes no mail. RFC 7505.</summary>
    NullMx,

    /// <summary>No answer, SERVFAIL, REFUSED or nonsense: trouble of ours or the zone's, never the recipient's.</summary>
    Failed,
}
