namespace Engine.Configuration.Shapes;

/// <summary>What the names in a map must be.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class KeysAttribute(KeyForm form) : Attribute
{
    public KeyForm Form { get; } = form;
}
