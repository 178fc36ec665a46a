namespace Engine.Suppression.Bulk;

/// <summary>A line that was not taken.</summary>
/// <param name="Line">Its number; the first is 1.</param>
/// <param name="Reason">What is wrong with it.</param>
internal readonly record struct ImportFault(long Line, string Reason);
