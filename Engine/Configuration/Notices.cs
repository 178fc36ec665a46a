namespace Engine.Configuration;

/// <summary>When a failure becomes a DSN (RFC 3464).</summary>
internal enum Notices : byte
{
    /// <summary>Only where NOTIFY asks; everything else is an event.</summary>
    Events,

    /// <summary>As RFC 3461 says: a failure notice unless NOTIFY forbids it.</summary>
    Dsn,
}
