namespace Engine.Configuration;

/// <summary>Checks of a sender domain's DNS before it may send. Only <c>off</c> exists until domain checks do.</summary>
internal sealed record VerifyOptions
{
    public VerifyLevel Level { get; init; } = VerifyLevel.Off;
}
