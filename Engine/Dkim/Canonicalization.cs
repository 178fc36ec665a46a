namespace Engine.Dkim;

/// <summary>How much a head or body may change on its way before the signature breaks. RFC 6376 §3.4.</summary>
internal enum Canonicalization : byte
{
    /// <summary>Runs of blanks and blanks at line ends do not count.</summary>
    Relaxed,

    /// <summary>Only empty lines at the end of the body do not count.</summary>
    Simple,
}
