namespace Engine.Delivery.Dane;

/// <summary>What asking for a host's TLSA records came to.</summary>
internal enum DaneState : byte
{
    /// <summary>None, or none that were validated: as without DANE.</summary>
    None,

    /// <summary>Validated records.</summary>
    Found,

    /// <summary>They could not be looked up, though the host's address was validated, or whether its alias is could not be: the host must not be used now. RFC 7672 §2.1.3 and §2.2.</summary>
    Failed,

    /// <summary>Our resolver did not answer: nothing is known of the host, which must not be used now, and is not to blame.</summary>
    Unanswered,
}
