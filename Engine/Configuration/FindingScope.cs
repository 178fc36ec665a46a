namespace Engine.Configuration;

/// <summary>What a finding spoils.</summary>
internal enum FindingScope : byte
{
    /// <summary>The whole configuration: start and reload are refused.</summary>
    Core,

    /// <summary>One account: it is isolated, everything else runs.</summary>
    Account,

    /// <summary>One domain or its key: it is isolated.</summary>
    Domain,
}
