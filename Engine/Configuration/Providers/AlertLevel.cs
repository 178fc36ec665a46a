namespace Engine.Configuration.Providers;

/// <summary>Whether an operator should look.</summary>
internal enum AlertLevel : byte
{
    None,

    /// <summary>Today.</summary>
    Warn,

    /// <summary>Now.</summary>
    Page,
}
