using Engine.Configuration.Binding;
using Engine.Configuration.Reading;
using Engine.Configuration.Shapes;

namespace Engine.Configuration.Checks;

/// <summary>Seeds: pools that exist, a login that can be one.</summary>
internal static class SeedChecks
{
    public static void Run(Draft draft)
    {
        foreach (var (name, seed) in draft.Options.Seeds)
        {
            var path = JsonPath.Root["seeds"][name];
            for (var index = 0; index < seed.Pools.Count; index++)
            {
                draft.Known(path["pools"][index], "pool", seed.Pools[index], draft.Options.Pools.Keys);
            }

            for (var index = 0; index < seed.SpamFolders.Count; index++)
            {
                if (seed.SpamFolders[index].Length == 0 || seed.SpamFolders[index].Any(char.IsControl))
                {
                    draft.Report.Add(path["spamFolders"][index], "expected the name of a folder");
                }
            }

            if (seed.User.Any(char.IsControl))
            {
                draft.Report.Add(path["user"], "expected a user name");
            }

            Password(draft, path["passwordFile"], seed.PasswordFile);
        }
    }

    // That it is there and is kept secret is SecretFileCheck's to say.
    private static void Password(Draft draft, JsonPath path, string file)
    {
        if (TextForms.Fault(TextForm.Path, file) is not null)
        {
            return;
        }

        try
        {
            if (Login.PasswordIn(File.ReadAllText(draft.PathTo(file))) is null)
            {
                draft.Report.Add(path, $"the file {draft.PathTo(file)} holds no password: expected one line of at most {Login.MaxFile} characters");
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Reported there.
        }
    }
}
