namespace Engine.Configuration;

/// <summary>What happens to DKIM-Signature headers a message arrives with.</summary>
internal enum ExistingSignatures : byte
{
    Keep,
    Remove,
}
