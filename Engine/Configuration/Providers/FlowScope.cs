using Engine.Configuration.Shapes;

namespace Engine.Configuration.Providers;

/// <summary>What a rule slows: the narrowest that the reply blames.</summary>
internal enum FlowScope : byte
{
    /// <summary>One source at one provider: <c>ip+provider</c>.</summary>
    [Spelled("ip+provider")]
    SourceAtProvider,

    /// <summary>Everything to one provider: <c>provider</c>.</summary>
    [Spelled("provider")]
    Provider,

    /// <summary>One source everywhere: <c>ip</c>.</summary>
    [Spelled("ip")]
    Source,

    /// <summary>The signing or envelope domain at one provider: <c>domain+provider</c>.</summary>
    [Spelled("domain+provider")]
    DomainAtProvider,

    /// <summary>The domain of the From header at one provider: <c>tenant_domain+provider</c>.</summary>
    [Spelled("tenant_domain+provider")]
    SenderDomainAtProvider,

    /// <summary>One campaign at one provider: <c>campaign+provider</c>.</summary>
    [Spelled("campaign+provider")]
    CampaignAtProvider,

    /// <summary>One sender address at one provider: <c>sender+provider</c>.</summary>
    [Spelled("sender+provider")]
    SenderAtProvider,
}
