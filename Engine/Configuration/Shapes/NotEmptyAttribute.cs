namespace Engine.Configuration.Shapes;

/// <summary>Where the key is written, the text, list or map in it must not be empty. <see cref="RequiredAttribute"/> says so too.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class NotEmptyAttribute : Attribute;
