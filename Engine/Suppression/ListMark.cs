using System.Globalization;
using System.Text;
using Engine.Configuration;
using Engine.Suppression.Storing;

namespace Engine.Suppression;

/// <summary>
/// A small file beside the list's directory, <c>STATE/suppression.id</c>, that says there is a list and by which key. A list that went away whole, as by a restore that
/// forgot it, would else begin empty without a word, and everybody who said no would get mail.
/// </summary>
/// <param name="directory">Of the list.</param>
internal sealed class ListMark(string directory)
{
    private readonly string _path = Path.TrimEndingDirectorySeparator(directory) + ".id";

    /// <summary>Call before a key or a list is made.</summary>
    /// <exception cref="SuppressionDamagedException">There was a list, and the directory holds none.</exception>
    public void Check()
    {
        if (File.Exists(_path) && !File.Exists(Path.Join(directory, Manifest.FileName)))
        {
            throw new SuppressionDamagedException(
                directory,
                $"holds no suppression list, and {_path} says that there was one, of key {File.ReadAllText(_path).Trim()}: restore the directory from a backup, or delete {_path} to begin an empty list, by which everybody who said no gets mail again");
        }
    }

    /// <summary>Call when the list is open. Stable when this returns; writes only what is new.</summary>
    /// <param name="key">Id of the list's key.</param>
    public void Keep(ulong key)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"{key:x16}\n");
        if (!File.Exists(_path) || File.ReadAllText(_path) != text)
        {
            DurableFile.Replace(_path, Encoding.ASCII.GetBytes(text));
        }
    }
}
