namespace Engine.Demo;

/// <summary>How one submission ended.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Text">The id for <see cref="SubmitKind.Accepted"/>, else the reply; empty when there was none.</param>
/// <param name="IsSpent">The session is of no more use.</param>
internal readonly record struct SubmitAnswer(SubmitKind Kind, string Text, bool IsSpent = false);
