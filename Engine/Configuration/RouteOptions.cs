using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>Where mail to a domain goes instead of its MX. Key <c>routes.DOMAIN</c>; <c>*</c> is every domain without a route of its own.</summary>
internal sealed record RouteOptions
{
    public RouteAction Action { get; init; } = RouteAction.Send;

    /// <summary>Hosts with optional port, tried in order. An address written here may be non-global; a name obeys <c>allowAddresses</c>.</summary>
    [Form(TextForm.Host)]
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
