namespace Engine.Dkim.Rotation;

/// <summary>What is to be done about a key now.</summary>
internal enum RotationStepKind : byte
{
    /// <summary>Write its file, then tell the operator what to publish.</summary>
    Make,

    /// <summary>Ask DNS for its record, everywhere.</summary>
    Ask,

    /// <summary>Tell the operator that its record is still not seen.</summary>
    Remind,

    /// <summary>Tell the operator that its record may go, and move its file away.</summary>
    Retire,
}
