using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>What is known of providers: how their hosts are recognised, limits, what their replies mean. Key <c>providers</c>.</summary>
internal sealed record ProvidersOptions
{
    /// <summary>
    /// The operator's own provider data, relative to engine.json. Default none: the data shipped with the engine. With <c>"extends": "shipped"</c> in it the
    /// file says only what differs; without, it replaces the shipped data as a whole.
    /// </summary>
    [Form(TextForm.Path)]
    public string? File { get; init; }
}
