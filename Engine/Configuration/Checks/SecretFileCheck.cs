using System.Collections;
using Engine.Configuration.Binding;
using Engine.Configuration.Reading;

namespace Engine.Configuration.Checks;

/// <summary>Files that hold secrets: there, readable by us, not readable by everybody, not writable by anyone but owner and root.</summary>
internal static class SecretFileCheck
{
    /// <summary>Every key marked <see cref="Shapes.SecretFileAttribute"/>: a text, or a map of texts.</summary>
    public static void Run(Draft draft)
    {
        foreach (var leaf in OptionsWalk.Leaves(draft.Options).Where(leaf => leaf.Key.SecretFile))
        {
            if (leaf.Value is string file)
            {
                File(draft, leaf.Path, file);
                continue;
            }

            foreach (var (name, item) in OptionsWalk.Entries((IEnumerable)leaf.Value))
            {
                File(draft, leaf.Path[name], (string)item);
            }
        }
    }

    /// <summary>One file.</summary>
    /// <returns>Whether it can be used.</returns>
    public static bool File(Draft draft, JsonPath path, string file)
    {
        // Empty or impossible: reported by its form.
        if (TextForms.Fault(Shapes.TextForm.Path, file) is not null)
        {
            return false;
        }

        try
        {
            using var handle = System.IO.File.OpenHandle(draft.PathTo(file));
            return OperatingSystem.IsWindows() || Mode(draft, path, file, System.IO.File.GetUnixFileMode(handle));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            draft.Report.Add(path, fault is FileNotFoundException or DirectoryNotFoundException
                ? $"the file {draft.PathTo(file)} does not exist"
                : $"the file {draft.PathTo(file)} cannot be read: {fault.Message}");
            return false;
        }
    }

    /// <summary>That a file which is there holds a key; that it is there and kept secret, <see cref="Run"/> says.</summary>
    public static void Length(Draft draft, JsonPath path, string file, int least)
    {
        if (TextForms.Fault(Shapes.TextForm.Path, file) is null && new FileInfo(draft.PathTo(file)) is { Exists: true } info && info.Length < least)
        {
            draft.Report.Add(path, $"the file {info.FullName} holds {info.Length} octets: expected at least {least}, as of \"head -c {least} /dev/urandom\"");
        }
    }

    private static bool Mode(Draft draft, JsonPath path, string file, UnixFileMode mode)
    {
        var fault = mode switch
        {
            _ when mode.HasFlag(UnixFileMode.OtherRead) => "is readable by everybody",
            _ when (mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0 => "is writable by others than its owner",
            _ => null,
        };
        if (fault is not null)
        {
            var octal = Convert.ToString((int)mode, 8).PadLeft(4, '0');
            draft.Report.Add(path, $"the secret {draft.PathTo(file)} {fault} (mode {octal}): expected mode 0640 or stricter");
        }

        return fault is null;
    }
}
