namespace Engine.Configuration.Shapes;

/// <summary>The texts a key takes, where an enum could not be spelled so.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class OneOfAttribute(params string[] texts) : Attribute
{
    public IReadOnlyList<string> Texts { get; } = texts;
}
