using Engine.Configuration.Shapes;

namespace Engine.Configuration;

/// <summary>A platform that submits for many accounts and names one in X-Engine-Account. Key <c>injectors.NAME</c>; the login is the name.</summary>
internal sealed record InjectorOptions
{
    /// <summary><c>$pbkdf2-sha256$iterations$salt$hash</c>, as <c>engine account passwd</c> prints it.</summary>
    [Required]
    [Secret]
    [Form(TextForm.PasswordHash)]
    public string Password { get; init; } = string.Empty;

    /// <summary>Networks it may log in from, as CIDR; empty means any.</summary>
    [Form(TextForm.Network)]
    public IReadOnlyList<string> Clients { get; init; } = [];

    /// <summary>Accounts it may act for; <c>*</c> is all.</summary>
    [Required]
    public IReadOnlyList<string> ActFor { get; init; } = [];
}
