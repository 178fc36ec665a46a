using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>One login of an account. Key <c>accounts.NAME.credentials.NAME</c>.</summary>
internal sealed record CredentialOptions
{
    /// <summary><c>$pbkdf2-sha256$iterations$salt$hash</c>.</summary>
    [Required]
    [Secret]
    [Form(TextForm.PasswordHash)]
    public string Password { get; init; } = string.Empty;

    /// <summary>Streams it may use; empty means all of the account's.</summary>
    public IReadOnlyList<string> Streams { get; init; } = [];

    /// <summary>Networks it may log in from, as CIDR; empty means any.</summary>
    [Form(TextForm.Network)]
    public IReadOnlyList<string> Clients { get; init; } = [];
}
