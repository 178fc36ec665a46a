namespace Engine.Configuration.Shapes;

/// <summary>How an enum member is written in engine.json where camelCase would be wrong.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class SpelledAttribute(string text) : Attribute
{
    public string Text { get; } = text;
}
