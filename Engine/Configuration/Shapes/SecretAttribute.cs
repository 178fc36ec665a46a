namespace Engine.Configuration.Shapes;

/// <summary>The value is shown nowhere: not in findings, not in the effective view, not in a diff.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretAttribute : Attribute;
