namespace Engine.Submission;

/// <summary>What a client gave to log in.</summary>
/// <param name="Name">As decoded; empty when it was not UTF-8 or named two identities.</param>
/// <param name="Password">Octets, as given.</param>
internal readonly record struct GivenLogin(string Name, ReadOnlyMemory<byte> Password);
