using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Checks;

/// <summary>Rotation of keys: what it makes must be loaded, and what it is told to rotate must be its to rotate.</summary>
internal static class RotationChecks
{
    private const string Any = "*";

    public static void Run(Draft draft)
    {
        var dkim = draft.Options.Dkim;
        if (dkim.Rotation.Rsa is { } rsa && BitsOf(rsa) < dkim.MinimumBits)
        {
            draft.Report.Add(JsonPath.Root["dkim"]["rotation"]["rsa"], $"{Spelling.Of(rsa)} would not be loaded: dkim.minimumBits is {dkim.MinimumBits}");
        }

        foreach (var (name, domain) in draft.Options.Domains.Where(static entry => entry.Key != Any && entry.Value is { Dkim.Count: > 0, Rotation: { Enabled: true, Every: not null } }))
        {
            draft.Report.Add(
                JsonPath.Root["domains"][name]["rotation"]["every"],
                $"the keys of {name} stand in 'dkim', which the engine never writes: leave one of the two out; keys found by their name in {draft.Options.Dkim.Directory} are rotated");
        }
    }

    private static int BitsOf(RotatedRsa rsa) => rsa switch
    {
        RotatedRsa.Rsa3072 => 3_072,
        RotatedRsa.Rsa4096 => 4_096,
        _ => 2_048,
    };
}
