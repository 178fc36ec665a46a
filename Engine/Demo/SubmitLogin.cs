using System.Text;

namespace Engine.Demo;

/// <summary>What a client logs in with, by AUTH PLAIN. RFC 4616.</summary>
internal sealed record SubmitLogin(string User, string Password)
{
    /// <summary>The initial response.</summary>
    public string ToPlain() => Convert.ToBase64String(Encoding.UTF8.GetBytes($"\0{User}\0{Password}"));
}
