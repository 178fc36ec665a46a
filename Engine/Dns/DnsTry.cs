namespace Engine.Dns;

/// <summary>One try: which server, how, and for how long.</summary>
/// <param name="Server">Index into the servers of the inquiry.</param>
/// <param name="OverTcp">TCP instead of UDP.</param>
/// <param name="WithEdns">With an OPT record.</param>
/// <param name="Limit">When to give it up.</param>
internal readonly record struct DnsTry(int Server, bool OverTcp, bool WithEdns, TimeSpan Limit);
