using Engine.Configuration.Providers;

namespace Engine.Reputation;

/// <summary>What control steers.</summary>
/// <param name="Scope">Which kind of thing.</param>
/// <param name="Operator">Provider id or destination name; empty for <see cref="FlowScope.Source"/>.</param>
/// <param name="Subject">Source, sender domain or campaign by name; empty for <see cref="FlowScope.Provider"/>.</param>
internal readonly record struct ControlKey(FlowScope Scope, string Operator, string Subject);
