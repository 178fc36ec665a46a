namespace Engine.Mail;

/// <summary>Where a suppression came from; written lower case with hyphens. The numbers are stored.</summary>
internal enum SuppressionOrigin : byte
{
    Unknown = 0,

    /// <summary>A server's reply.</summary>
    Reply = 1,

    /// <summary>A bounce that came by mail.</summary>
    Bounce = 2,

    /// <summary>A complaint (ARF).</summary>
    Report = 3,

    /// <summary>One-click unsubscribe, or its page.</summary>
    Link = 4,

    /// <summary>The mailto variant of unsubscribe.</summary>
    Mail = 5,

    Operator = 6,

    Import = 7,
}
