namespace Engine.Configuration.Providers;

/// <summary>What kind of trouble a category is: it decides whom the fault is laid on. Written in the provider data as here, lower case.</summary>
internal enum CategoryClass : byte
{
    /// <summary>The recipient or its domain does not exist.</summary>
    Hard,

    /// <summary>The receiver's own temporary trouble, or none that can be named.</summary>
    Soft,

    /// <summary>The recipient, or its administrator, does not want this.</summary>
    Block,

    /// <summary>Too much, too fast.</summary>
    Throttle,

    /// <summary>A bound of one session or transaction: no penalty.</summary>
    Session,

    /// <summary>What the receiver thinks of an address or a domain.</summary>
    Reputation,

    /// <summary>Set up wrongly at our side: authentication, reverse DNS, TLS.</summary>
    Config,

    /// <summary>What the message holds.</summary>
    Content,
}
