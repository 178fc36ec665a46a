using System.Net;
using System.Net.Sockets;
using System.Text;
using Engine.Demo;

namespace Engine.Tests.Journeys;

/// <summary>A client that says lines as they are given, one after the other, for what no client library says.</summary>
internal static class RawClient
{
    /// <summary>Sends a message; fails the test when a reply does not begin with 2 or 3.</summary>
    /// <param name="server">Takes mail, with the login in the clear.</param>
    /// <param name="login">None for a server that wants none.</param>
    /// <param name="mail">Behind <c>MAIL FROM:</c>.</param>
    /// <param name="rcpt">Behind <c>RCPT TO:</c>.</param>
    /// <param name="content">Header and body, CRLF line ends, without a line of one dot.</param>
    public static async Task<string> SendAsync(IPEndPoint server, SubmitLogin? login, string mail, string rcpt, string content)
    {
        using var guard = new CancellationTokenSource(JourneyWorld.Patience, TimeProvider.System);
        string[] first = login is null ? [] : [$"AUTH PLAIN {login.ToPlain()}"];
        var replies = await TalkAsync(server, [.. first, $"MAIL FROM:{mail}", $"RCPT TO:{rcpt}", "DATA", content + "\r\n."], guard.Token);
        Assert.That(replies, Has.All.Matches<string>(static reply => reply![0] is '2' or '3'));
        return replies[^1];
    }

    /// <summary>Says EHLO, then each line, and gives the last line of each reply.</summary>
    public static async Task<IReadOnlyList<string>> TalkAsync(IPEndPoint server, IEnumerable<string> lines, CancellationToken stop)
    {
        using var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(server, stop);
        await using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var replies = new List<string>();
        await ReplyAsync();
        foreach (var line in lines.Prepend("EHLO client.test"))
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), stop);
            replies.Add(await ReplyAsync());
        }

        replies.RemoveAt(0);
        return replies;

        async Task<string> ReplyAsync()
        {
            string? line;
            do
            {
                line = await reader.ReadLineAsync(stop);
            }
            while (line is { Length: > 3 } && line[3] == '-');
            return line ?? throw new AssertionException("The server closed.");
        }
    }
}
