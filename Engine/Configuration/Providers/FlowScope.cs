namespace Engine.Configuration.Providers;

/// <summary>What a rule slows: the narrowest that the reply blames.</summary>
internal enum FlowScope : byte
{
    /// <summary>One source at one provider: <c>ip+provider</c>.</summary>
    SourceAtProvider,

    /// <summary>Everything to one provider: <c>provider</c>.</summary>
    Provider,

    /// <summary>One source everywhere: <c>ip</c>.</summary>
    Source,

    /// <summary>The signing or envelope domain at one provider: <c>domain+provider</c>.</summary>
    DomainAtProvider,

    /// <summary>The domain of the From header at one provider: <c>tenant_domain+provider</c>.</summary>
    SenderDomainAtProvider,

    /// <summary>One campaign at one provider: <c>campaign+provider</c>.</summary>
    CampaignAtProvider,

    /// <summary>One sender address at one provider: <c>sender+provider</c>.</summary>
    SenderAtProvider,
}
