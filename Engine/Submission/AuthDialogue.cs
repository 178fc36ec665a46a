using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Engine.Submission;

/// <summary>The exchanges of AUTH PLAIN (RFC 4616) and LOGIN, up to a login that can be checked.</summary>
/// <remarks>
/// <code>
/// state     line             next
/// Idle      PLAIN            Plain, 334
///           PLAIN response   checked
///           LOGIN            Name, 334
///           LOGIN name       Password, 334
/// Plain     response         checked
/// Name      name             Password, 334
/// Password  password         checked
/// any       *                Idle, 501
/// </code>
/// </remarks>
internal struct AuthDialogue
{
    private State _state;
    private string _name;

    private enum State : byte
    {
        Idle,
        Plain,
        Name,
        Password,
    }

    /// <summary>Whether the next line is a response and no command.</summary>
    public readonly bool IsOpen => _state is not State.Idle;

    /// <summary>Takes the argument of AUTH. Null with a login to check; else what to answer.</summary>
    public Reply? Begin(ReadOnlySpan<byte> argument, out GivenLogin login)
    {
        login = default;
        var blank = argument.IndexOf((byte)' ');
        var mechanism = blank < 0 ? argument : argument[..blank];
        var initial = blank < 0 ? default : argument[blank..].TrimStart((byte)' ');
        if (Ascii.EqualsIgnoreCase(mechanism, "PLAIN"u8))
        {
            _state = State.Plain;
            return initial.IsEmpty ? Replies.AskPlain : Take(initial, out login);
        }

        if (Ascii.EqualsIgnoreCase(mechanism, "LOGIN"u8))
        {
            _state = State.Name;
            return initial.IsEmpty ? Replies.AskLogin : Take(initial, out login);
        }

        return Replies.BadMechanism;
    }

    /// <summary>Takes a response line. Null with a login to check; else what to answer.</summary>
    public Reply? Take(ReadOnlySpan<byte> line, out GivenLogin login)
    {
        login = default;
        var state = _state;
        _state = State.Idle;
        if (line.SequenceEqual("*"u8))
        {
            return Replies.AuthCancelled;
        }

        if (!TryDecode(line, out var octets))
        {
            return Replies.BadBase64;
        }

        switch (state)
        {
            case State.Name:
                _name = Text(octets);
                _state = State.Password;
                return Replies.AskPassword;
            case State.Password:
                login = new GivenLogin(_name, octets);
                return null;
            default:
                return TakePlain(octets, out login);
        }
    }

    // [authzid] NUL authcid NUL passwd; nobody may act for another.
    private static Reply? TakePlain(byte[] octets, out GivenLogin login)
    {
        login = default;
        var first = octets.AsSpan().IndexOf((byte)0);
        var second = first < 0 ? -1 : octets.AsSpan(first + 1).IndexOf((byte)0);
        if (second < 0)
        {
            return Replies.BadSyntax;
        }

        var other = octets.AsSpan(0, first);
        var name = octets.AsSpan(first + 1, second);
        var isOne = other.IsEmpty || other.SequenceEqual(name);
        login = new GivenLogin(isOne ? Text(name) : string.Empty, octets.AsMemory(first + second + 2));
        return null;
    }

    private static string Text(ReadOnlySpan<byte> octets) =>
        System.Text.Unicode.Utf8.IsValid(octets) ? Encoding.UTF8.GetString(octets) : string.Empty;

    // "=" is an empty response, RFC 4954 §4.
    private static bool TryDecode(ReadOnlySpan<byte> line, out byte[] octets)
    {
        octets = [];
        if (line.SequenceEqual("="u8))
        {
            return true;
        }

        var target = new byte[Base64.GetMaxDecodedFromUtf8Length(line.Length)];
        if (line.Contains((byte)' ') || Base64.DecodeFromUtf8(line, target, out _, out var length) is not OperationStatus.Done)
        {
            return false;
        }

        octets = target[..length];
        return true;
    }
}
