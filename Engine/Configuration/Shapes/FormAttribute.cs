namespace Engine.Configuration.Shapes;

/// <summary>What the text of a key must be; of every item where the key holds a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class FormAttribute(TextForm form) : Attribute
{
    public TextForm Form { get; } = form;
}
