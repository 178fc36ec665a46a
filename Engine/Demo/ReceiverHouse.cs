namespace Engine.Demo;

/// <summary>A receiver and the domains whose mail it takes. The script's host name is the name of its MX.</summary>
internal sealed record ReceiverHouse(IReadOnlyList<string> Domains, ReceiverScript Script);
