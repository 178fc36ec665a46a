namespace Engine.Configuration.Shapes;

/// <summary>The value names a file that holds a secret: it must be there, and nobody but its owner, its group and root may read it.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SecretFileAttribute : Attribute;
