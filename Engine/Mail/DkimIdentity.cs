namespace Engine.Mail;

/// <summary>The d= and s= of a signature.</summary>
internal sealed record DkimIdentity(string Domain, string Selector);
