namespace Engine.Preflight.Gate;

/// <summary>What a check changed.</summary>
internal enum GateChange : byte
{
    None,

    /// <summary>A contradiction begins.</summary>
    Contradicted,

    /// <summary>It has lasted for the grace: the domain may not send.</summary>
    Paused,

    /// <summary>One good check ended it.</summary>
    Mended,

    /// <summary>It has lasted for the grace, but so it is with most domains: then it is us or the resolver, and nobody is paused.</summary>
    Doubted,
}
