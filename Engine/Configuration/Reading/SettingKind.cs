namespace Engine.Configuration.Reading;

/// <summary>The JSON kind of a value.</summary>
internal enum SettingKind : byte
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}
