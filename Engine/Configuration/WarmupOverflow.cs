namespace Engine.Configuration;

/// <summary>What happens to mail that today's warm-up allowance does not take.</summary>
internal enum WarmupOverflow : byte
{
    /// <summary>It goes to warm sources of the pool; where there is none, it waits.</summary>
    Pool,

    /// <summary>It waits for the next allowance, though a warm source could take it.</summary>
    Wait,
}
