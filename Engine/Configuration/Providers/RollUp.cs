namespace Engine.Configuration.Providers;

/// <summary>What a provider's limits are kept for.</summary>
internal enum RollUp : byte
{
    /// <summary>The provider as a whole: one operator behind all its hosts.</summary>
    Provider,

    /// <summary>Each group of hosts apart: a vendor whose customers' clusters share nothing.</summary>
    Host,
}
