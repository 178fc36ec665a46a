namespace Engine.Configuration;

/// <summary>A platform that submits for many accounts and names one in X-Engine-Account. Key <c>injectors.NAME</c>; the login is the name.</summary>
internal sealed record InjectorOptions
{
    /// <summary><c>$pbkdf2-sha256$iterations$salt$hash</c>, as <c>engine account passwd</c> prints it.</summary>
    public string Password { get; init; } = string.Empty;

    /// <summary>Networks it may log in from, as CIDR; empty means any.</summary>
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>Accounts it may act for; <c>*</c> is all.</summary>
    public IReadOnlyList<string> ActFor { get; init; } = [];
}
