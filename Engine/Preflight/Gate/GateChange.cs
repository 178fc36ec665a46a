namespace Engine.Preflight.Gate;

/// <summary>What a check changed.</summary>
internal enum GateChange : byte
{
    None,

    /// <summary>A contradiction begins.</summary>
    Contradicted,

    /// <summary>It has lasted for the grace: the domain may not send.</summary>
    Paused,

    /// <summary>It has lasted for the grace under advise: told, nothing is held.</summary>
    Advised,

    /// <summary>One good check ended a contradiction that an alert has told of.</summary>
    Mended,

    /// <summary>One good check ended a contradiction before it was worth an alert.</summary>
    Passed,

    /// <summary>It has lasted for the grace, but so it is with most domains: then it is us or the resolver; nobody is paused, and no domain told of.</summary>
    Doubted,
}
