namespace Engine.Configuration;

/// <summary>What an account may do now.</summary>
internal enum AccountStatus : byte
{
    /// <summary>Taken and sent.</summary>
    Active,

    /// <summary>Taken and held.</summary>
    Review,

    /// <summary>Marketing taken and held, transactional 450 4.7.1.</summary>
    Paused,

    /// <summary>No login; queued mail held, cancelled after 7 days.</summary>
    Disabled,
}
