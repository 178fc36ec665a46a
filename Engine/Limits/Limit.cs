using Engine.Configuration;

namespace Engine.Limits;

/// <summary>One limit for one key: its bucket and its counter. Lives as long as its definition, over reloads too.</summary>
internal sealed class Limit
{
    public Limit(string name, string key, LimitOptions options, long frequency)
    {
        (Name, Key, Options) = (name, key, options);
        Bucket = options.Rate is { } rate ? new TokenBucket(rate, frequency) : null;
        Connections = options.Connections is { } connections ? new ConnectionCounter(connections) : null;
        IsClassOwn = options.Match.ContainsKey(LimitDimension.Class) || options.Per.Contains(LimitDimension.Class);
    }

    /// <summary>Key in <c>limits</c>.</summary>
    public string Name { get; }

    /// <summary>Values of its <c>per</c>, joined by <c>/</c>.</summary>
    public string Key { get; }

    public LimitOptions Options { get; }

    public TokenBucket? Bucket { get; }

    public ConnectionCounter? Connections { get; }

    /// <summary>True when only one class counts in it: then nothing is reserved.</summary>
    public bool IsClassOwn { get; }
}
