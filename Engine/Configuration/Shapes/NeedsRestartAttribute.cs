namespace Engine.Configuration.Shapes;

/// <summary>A reload that changes the key is refused: only a restart can take it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NeedsRestartAttribute : Attribute;
