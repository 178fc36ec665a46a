namespace Engine.Preflight.Dmarc;

/// <summary>What a domain asks receivers to do with mail that fails. RFC 7489 §6.3.</summary>
internal enum DmarcPolicy : byte
{
    None,
    Quarantine,
    Reject,
}
