namespace Engine.Dns;

/// <summary>What the cache keeps.</summary>
internal interface IAnswer
{
    DateTimeOffset Expires { get; }
}
