namespace Engine.Configuration.Shapes;

/// <summary>The key must be written, and a text, list or map in it must not be empty.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class RequiredAttribute : Attribute;
