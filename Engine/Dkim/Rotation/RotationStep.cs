namespace Engine.Dkim.Rotation;

/// <summary>One thing to do.</summary>
/// <param name="Kind">What.</param>
/// <param name="Key">About which key.</param>
internal readonly record struct RotationStep(RotationStepKind Kind, RotatedKey Key);
