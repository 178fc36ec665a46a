namespace Engine.Configuration;

/// <summary>Whose mail a suppression keeps back.</summary>
internal enum SuppressionReach : byte
{
    /// <summary>Everybody's.</summary>
    Global,

    /// <summary>All of the account that sent.</summary>
    Account,

    /// <summary>That of the stream it was sent in.</summary>
    Stream,
}
