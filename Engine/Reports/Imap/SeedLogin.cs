using System.Text;

namespace Engine.Reports.Imap;

/// <summary>User name and password at an IMAP server. Never printed.</summary>
internal sealed class SeedLogin(string user, string password)
{
    public string User => user;

    public string Password => password;

    /// <summary>The message of PLAIN, RFC 4616 §2, in base64.</summary>
    public string Plain => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{user}\0{password}"));

    public override string ToString() => user;
}
