namespace Engine.Mail;

/// <summary>A source address of this engine, by its place in the running configuration. −1 is none.</summary>
internal readonly record struct SourceId(short Value)
{
    public static readonly SourceId None = new(-1);
}
