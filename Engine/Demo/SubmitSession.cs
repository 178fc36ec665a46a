using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Engine.Wire;

namespace Engine.Demo;

/// <summary>One client connection that submits letters, MAIL, RCPT and DATA in one go (RFC 2920). Not thread-safe.</summary>
internal sealed class SubmitSession : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Connection _connection;
    private readonly SubmitReader _reader;

    private SubmitSession(Connection connection)
    {
        _connection = connection;
        _reader = new SubmitReader(connection, Patience);
    }

    /// <summary>Connects, greets and logs in.</summary>
    /// <returns>Null when nobody answers, or the answer is a refusal.</returns>
    public static async Task<SubmitSession?> OpenAsync(IPEndPoint server, SubmitLogin? login, TimeProvider clock, CancellationToken stop)
    {
        if (await ConnectAsync(server, clock, stop) is not { } connection)
        {
            return null;
        }

        var session = new SubmitSession(connection);
        if (await session.HelloAsync(login, stop))
        {
            return session;
        }

        await session.DisposeAsync();
        return null;
    }

    /// <summary>Submits one letter.</summary>
    public async Task<SubmitAnswer> SubmitAsync(Letter letter, CancellationToken stop)
    {
        if (!await SendAsync(Envelope(letter), stop))
        {
            return new SubmitAnswer(SubmitKind.Broken, string.Empty, IsSpent: true);
        }

        var refusal = default(SubmitAnswer?);
        for (var left = letter.Recipients.Count + 1; left > 0; left--)
        {
            var (code, text) = await _reader.ReadAsync(stop);
            refusal ??= code is >= 200 and < 300 ? null : Answer(code, text, isSent: false);
        }

        var (go, reason) = await _reader.ReadAsync(stop);
        if (refusal is not null)
        {
            // Some recipient was not taken: the letter is not sent to the others alone, so that its account stays simple.
            return go == 354 ? refusal.Value with { IsSpent = true } : await ResetAsync(refusal.Value, stop);
        }

        if (go != 354)
        {
            return Answer(go, reason, isSent: false);
        }

        var isSent = await SendAsync(letter.Content, stop);
        var (last, id) = isSent ? await _reader.ReadAsync(stop) : default;
        return Answer(last, id, isSent: true);
    }

    /// <summary>Says goodbye, as far as somebody listens.</summary>
    public async Task QuitAsync(CancellationToken stop)
    {
        if (await SendAsync("QUIT\r\n"u8.ToArray(), stop))
        {
            await _reader.ReadAsync(stop);
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static async Task<Connection?> ConnectAsync(IPEndPoint server, TimeProvider clock, CancellationToken stop)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(server, stop);
            return new Connection(socket, clock);
        }
        catch (Exception fault) when (fault is SocketException or OperationCanceledException)
        {
            socket.Dispose();
            stop.ThrowIfCancellationRequested();
            return null;
        }
    }

    private static byte[] Envelope(Letter letter)
    {
        var text = new StringBuilder();
        var size = letter.Content.Length.ToString(CultureInfo.InvariantCulture);
        text.Append("MAIL FROM:<").Append(letter.Sender).Append("> BODY=8BITMIME SIZE=").Append(size).Append("\r\n");
        foreach (var recipient in letter.Recipients)
        {
            text.Append("RCPT TO:<").Append(recipient).Append(">\r\n");
        }

        return Encoding.UTF8.GetBytes(text.Append("DATA\r\n").ToString());
    }

    // "2.0.0 <id> queued"
    private static SubmitAnswer Answer(int code, string text, bool isSent) => code switch
    {
        0 => new SubmitAnswer(isSent ? SubmitKind.Unknown : SubmitKind.Broken, string.Empty, IsSpent: true),
        < 300 => new SubmitAnswer(SubmitKind.Accepted, text.Split(' ') is [_, var id, ..] ? id : text),
        421 => new SubmitAnswer(SubmitKind.TryLater, $"{code} {text}", IsSpent: true),
        < 500 => new SubmitAnswer(SubmitKind.TryLater, $"{code} {text}"),
        _ => new SubmitAnswer(SubmitKind.Refused, $"{code} {text}"),
    };

    private async Task<bool> HelloAsync(SubmitLogin? login, CancellationToken stop)
    {
        if (await _reader.ReadAsync(stop) is not (220, _))
        {
            return false;
        }

        if (!await SendAsync("EHLO generator.demo.test\r\n"u8.ToArray(), stop) || await _reader.ReadAsync(stop) is not (250, _))
        {
            return false;
        }

        return login is null
            || (await SendAsync(Encoding.ASCII.GetBytes($"AUTH PLAIN {login.ToPlain()}\r\n"), stop) && await _reader.ReadAsync(stop) is (235, _));
    }

    private async Task<SubmitAnswer> ResetAsync(SubmitAnswer refusal, CancellationToken stop)
    {
        var isSent = await SendAsync("RSET\r\n"u8.ToArray(), stop);
        return isSent && await _reader.ReadAsync(stop) is (250, _) ? refusal : refusal with { IsSpent = true };
    }

    private async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> octets, CancellationToken stop) =>
        await _connection.SendAsync(octets, Patience, stop) is WireFault.None;
}
