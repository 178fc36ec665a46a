namespace Engine.Scheduling;

/// <summary>On what footing a worker pulls.</summary>
internal enum PullKind : byte
{
    /// <summary>It has not reached its server yet; when nothing is there it is retired.</summary>
    First,

    /// <summary>Its connection is open; when nothing is there it is retired.</summary>
    Next,

    /// <summary>It is busy and asks for what comes after; when nothing is there it goes on.</summary>
    Ahead,
}
