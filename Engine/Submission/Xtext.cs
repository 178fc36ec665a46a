namespace Engine.Submission;

/// <summary>xtext, RFC 3461 §4: printable ASCII without <c>+</c> and <c>=</c>, where <c>+XX</c> stands for an octet in upper-case hexadecimal.</summary>
internal static class Xtext
{
    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'+' when at + 2 < text.Length && IsHex(text[at + 1]) && IsHex(text[at + 2]):
                    at += 2;
                    break;
                case (byte)'+' or (byte)'=' or < 33 or > 126:
                    return false;
                default:
                    break;
            }
        }

        return true;
    }

    private static bool IsHex(byte octet) => octet is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F');
}
