namespace Engine.Configuration;

/// <summary>How much a domain check decides.</summary>
internal enum VerifyLevel : byte
{
    Off,
}
