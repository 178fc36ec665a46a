namespace Engine.Tests.Peers;

[CancelAfter(30_000)]
internal sealed class PeerProcessTests
{
    private const string Shell = "/bin/sh";

    [Test]
    public async Task A_line_said_before_or_after_is_found(CancellationToken stop)
    {
        await using var peer = PeerProcess.Start(Shell, directory: null, "-c", "echo one; echo two >&2; exec tail -f /dev/null");

        Assert.That(await peer.LineAsync("two", stop), Is.EqualTo("two"));
        Assert.That(await peer.LineAsync("one", stop), Is.EqualTo("one"));
    }

    [Test]
    public async Task A_peer_that_ends_without_the_line_fails_the_wait_and_shows_what_it_said(CancellationToken stop)
    {
        await using var peer = PeerProcess.Start(Shell, directory: null, "-c", "echo no such option; exit 3");

        var fault = await Assert.ThrowsAsync<AssertionException>(() => peer.LineAsync("ready", stop));
        Assert.That(fault!.Message, Does.Contain("no such option"));
        Assert.That(await peer.ExitAsync(stop), Is.EqualTo(3));
    }

    [Test]
    public async Task Disposing_kills_the_whole_tree(CancellationToken stop)
    {
        string child;
        await using (var peer = PeerProcess.Start(Shell, directory: null, "-c", "tail -f /dev/null & echo child $!; wait"))
        {
            child = (await peer.LineAsync("child", stop))["child ".Length..];
        }

        // Killed means gone, or without memory until init collects it.
        var words = $"/proc/{child}/cmdline";
        Assert.That(File.Exists(words) ? await File.ReadAllTextAsync(words, stop) : string.Empty, Is.Empty);
    }

    [Test]
    public async Task A_peer_can_be_asked_to_end(CancellationToken stop)
    {
        await using var peer = PeerProcess.Start(Shell, directory: null, "-c", "trap 'echo bye; kill -9 $!; exit 7' TERM; tail -f /dev/null & echo up; wait");
        await peer.LineAsync("up", stop);

        Assert.That(await peer.TerminateAsync(stop), Is.EqualTo(7));
        Assert.That(peer.Output, Does.EndWith("bye"));
    }

    [Test]
    public async Task A_short_program_gets_input_and_gives_its_outputs_apart(CancellationToken stop)
    {
        var result = await PeerProcess.RunAsync(Shell, "hello", stop, "-c", "cat; echo no >&2; exit 2");

        Assert.That(result, Is.EqualTo(new PeerResult(2, "hello", "no\n")));
    }

    [Test]
    public void Ports_taken_at_once_differ()
    {
        var ports = Enumerable.Range(0, 50).Select(_ => PeerPort.Take()).ToList();

        Assert.That(ports.Select(port => port.Number), Is.Unique);
        ports.ForEach(port => port.Dispose());
    }
}
