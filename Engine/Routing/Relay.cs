using Engine.Configuration;
using Engine.Mail;

namespace Engine.Routing;

/// <summary>A smart host of the configuration, with its password read. Immutable; a reload makes a new one.</summary>
/// <param name="name">Key in <c>relays</c>.</param>
/// <param name="host">Where it is; an address is allowed by being written.</param>
/// <param name="options">All else that is written.</param>
/// <param name="login">Null where it asks for none.</param>
internal sealed class Relay(string name, ExchangerHost host, RelayOptions options, Login? login)
{
    /// <summary>Before the name of a relay where it stands for a destination, an operator or a category.</summary>
    public const string Prefix = "relay:";

    public string Name { get; } = name;

    public ExchangerHost Host { get; } = host;

    public RelayOptions Options { get; } = options;

    public Login? Login { get; } = login;

    /// <summary>Its name as a destination, in limits, control and status: <c>relay:NAME</c>.</summary>
    public string Operator { get; } = Prefix + name;

    /// <summary>
    /// The category that a recipient in doubt at this relay has in the queue: it may have been delivered, so only this relay may be asked again.
    /// Never the category of a reply.
    /// </summary>
    public Category Doubt => new(Operator);

    /// <summary>The relay that a recipient is in doubt at; null for any other category.</summary>
    public static string? NameIn(Category doubt) =>
        doubt.Id is { } id && id.StartsWith(Prefix, StringComparison.Ordinal) ? id[Prefix.Length..] : null;

    public override string ToString() => Operator;
}
