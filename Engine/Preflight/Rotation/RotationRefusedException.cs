namespace Engine.Preflight.Rotation;

/// <summary>An order that cannot be carried out: the message says why, and what to do instead.</summary>
internal sealed class RotationRefusedException(string message) : Exception(message);
