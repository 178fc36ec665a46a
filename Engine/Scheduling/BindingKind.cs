namespace Engine.Scheduling;

/// <summary>By what a limit binds; of several the first of this list.</summary>
internal enum BindingKind : byte
{
    /// <summary>It grants.</summary>
    None,

    /// <summary>It is paused.</summary>
    Pause,

    /// <summary>The volume of its day is used up.</summary>
    Day,

    /// <summary>Its rate is used up.</summary>
    Rate,

    /// <summary>All its connections are in use.</summary>
    Connections,

    /// <summary>Others stand before a newcomer.</summary>
    Line,
}
