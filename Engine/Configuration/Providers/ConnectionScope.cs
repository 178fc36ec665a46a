namespace Engine.Configuration.Providers;

/// <summary>What a provider counts connections by.</summary>
internal enum ConnectionScope : byte
{
    /// <summary>Each source address by itself.</summary>
    Source,

    /// <summary>Each source address, over all hosts and domains of the provider together.</summary>
    Provider,
}
