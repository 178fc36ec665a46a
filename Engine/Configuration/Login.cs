using System.Text;

namespace Engine.Configuration;

/// <summary>A user name and password of ours at another server. Never printed: neither this nor a record that holds it shows the password.</summary>
/// <param name="user">User name; neither empty nor with a NUL.</param>
/// <param name="password">Password; neither empty nor with a NUL.</param>
internal sealed class Login(string user, string password)
{
    /// <summary>Octets of a password file at most; beyond it the file is something else.</summary>
    public const int MaxFile = 1_024;

    private readonly byte[] _user = Encoding.UTF8.GetBytes(user);
    private readonly byte[] _password = Encoding.UTF8.GetBytes(password);

    /// <summary>May be shown.</summary>
    public string User { get; } = user;

    /// <summary>The message of AUTH PLAIN without an authorisation identity: RFC 4616 §2, in base64.</summary>
    public string Plain => Convert.ToBase64String([0, .. _user, 0, .. _password]);

    /// <summary>First answer of AUTH LOGIN, in base64.</summary>
    public string UserBase64 => Convert.ToBase64String(_user);

    /// <summary>Second answer of AUTH LOGIN, in base64.</summary>
    public string PasswordBase64 => Convert.ToBase64String(_password);

    /// <summary>The password in the text of a file: all of it but one line end. Null when there is none or it cannot be one.</summary>
    public static string? PasswordIn(string text)
    {
        var line = text.EndsWith("\r\n", StringComparison.Ordinal) ? text[..^2] : text.EndsWith('\n') ? text[..^1] : text;
        return line.Length is 0 or > MaxFile || line.AsSpan().ContainsAny('\0', '\r', '\n') ? null : line;
    }

    public override string ToString() => User;
}
