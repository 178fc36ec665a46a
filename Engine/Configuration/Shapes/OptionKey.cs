using System.Reflection;

namespace Engine.Configuration.Shapes;

/// <summary>One key of an options record, with all that its attributes say.</summary>
/// <param name="Name">As written in engine.json.</param>
/// <param name="Property">The property it sets.</param>
/// <param name="Shape">What it holds.</param>
internal sealed record OptionKey(string Name, PropertyInfo Property, Shape Shape)
{
    /// <summary>Whether <c>null</c> may be written, meaning: not set.</summary>
    public bool Nullable { get; private init; }

    public BetweenAttribute? Between { get; private init; }

    public TextForm Form { get; private init; }

    public KeyForm? NameForm { get; private init; }

    /// <summary>The texts it takes; null where any will do.</summary>
    public IReadOnlyList<string>? Texts { get; private init; }

    public bool Required { get; private init; }

    public bool NotEmpty { get; private init; }

    public bool NeedsRestart { get; private init; }

    public bool Secret { get; private init; }

    public bool SecretFile { get; private init; }

    public static OptionKey Of(PropertyInfo property) => new(Spelling.Key(property.Name), property, Shape.Of(property.PropertyType))
    {
        Nullable = new NullabilityInfoContext().Create(property).WriteState is NullabilityState.Nullable,
        Between = property.GetCustomAttribute<BetweenAttribute>(),
        Form = property.GetCustomAttribute<FormAttribute>()?.Form ?? TextForm.Free,
        NameForm = property.GetCustomAttribute<KeysAttribute>()?.Form,
        Texts = property.GetCustomAttribute<OneOfAttribute>()?.Texts,
        Required = property.IsDefined(typeof(RequiredAttribute)),
        NotEmpty = property.IsDefined(typeof(NotEmptyAttribute)) || property.IsDefined(typeof(RequiredAttribute)),
        NeedsRestart = property.IsDefined(typeof(NeedsRestartAttribute)),
        Secret = property.IsDefined(typeof(SecretAttribute)),
        SecretFile = property.IsDefined(typeof(SecretFileAttribute)),
    };
}
