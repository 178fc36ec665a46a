namespace Engine.Configuration;

/// <summary>What 250 promises.</summary>
internal enum Durability : byte
{
    /// <summary>On stable storage.</summary>
    Disk,

    /// <summary>In memory: lost with the process. For benchmarks.</summary>
    Memory,
}
