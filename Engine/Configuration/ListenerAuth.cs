namespace Engine.Configuration;

/// <summary>Whether clients must log in.</summary>
internal enum ListenerAuth : byte
{
    Required,
    None,
}
