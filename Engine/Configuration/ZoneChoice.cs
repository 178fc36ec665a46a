namespace Engine.Configuration;

/// <summary>Whether a zone is asked.</summary>
internal enum ZoneChoice : byte
{
    On,
    Off,
}
