namespace Engine.Configuration.Shapes;

/// <summary>What a value of engine.json is made of.</summary>
internal enum ShapeKind : byte
{
    /// <summary>One text, number or truth value.</summary>
    Scalar,

    /// <summary>A list of delays, read as one <see cref="RetrySchedule"/>.</summary>
    Schedule,

    List,

    /// <summary>An object whose names the operator chooses.</summary>
    Map,

    /// <summary>An object whose keys are the properties of an options record.</summary>
    Record,
}
