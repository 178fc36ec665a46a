namespace Engine.Preflight;

/// <summary>What a finding is about.</summary>
internal enum CheckTopic : byte
{
    Dkim,
    Spf,

    /// <summary>Whether the From header's domain stands behind DKIM or SPF, as DMARC asks.</summary>
    Alignment,
    Dmarc,
    ReturnPath,
    Source,
    Bimi,
}
