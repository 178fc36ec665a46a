using System.Runtime.Versioning;

namespace Engine.Tests.Peers;

/// <summary>
/// Exim on a port of its own, as nobody: it takes everything for <see cref="Domain"/> and bounces it afterwards, as its local part says:
/// <c>gone</c> unknown, <c>full</c> over quota, <c>late</c> never reached. Bounces go to one port on loopback.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class EximPeer : IAsyncDisposable
{
    public const string Domain = "exim.test";

    private readonly PeerPort _port = PeerPort.Take();
    private readonly PeerDirectory _home = new();
    private PeerProcess? _process;

    public int Port => _port.Number;

    /// <param name="back">Where bounces go, on 127.0.0.1.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<EximPeer> StartAsync(int back, CancellationToken stop)
    {
        var program = PeerProcess.Find("exim4", "exim4-daemon-light");
        var peer = new EximPeer();
        try
        {
            await peer.RunAsync(program, back, stop);
            return peer;
        }
        catch
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }

        _home.Dispose();
        _port.Dispose();
    }

    private async Task RunAsync(string program, int back, CancellationToken stop)
    {
        foreach (var directory in (string[])["spool", "log"])
        {
            Directory.CreateDirectory(_home.PathTo(directory));
        }

        var file = _home.Write("exim.conf", Settings(program, back));
        var owned = await PeerProcess.RunAsync("/bin/sh", string.Empty, stop, "-c", $"chown -R 65534:65534 {_home.Path} && chmod 755 {_home.Path}");
        Assert.That(owned.ExitCode, Is.Zero, owned.Error);
        _process = PeerProcess.Start("/usr/bin/setpriv", _home.Path, "--reuid", "65534", "--regid", "65534", "--clear-groups", program, "-C", file, "-bdf", "-q1s");
        await _process.LineAsync("daemon started", stop);
        await _process.ListensAsync(Port, stop);
    }

    private string Settings(string program, int back) => $"""
        exim_path = {program}
        primary_hostname = mx.{Domain}
        spool_directory = {_home.PathTo("spool")}
        log_file_path = {_home.PathTo("log")}/%slog
        exim_user = nobody
        exim_group = nogroup
        never_users =
        local_interfaces = 127.0.0.1
        daemon_smtp_ports = {Port}
        pid_file_path = {_home.PathTo("exim.pid")}
        domainlist local_domains = {Domain}
        acl_smtp_rcpt = accept
        qualify_domain = {Domain}
        tls_advertise_hosts =
        keep_environment =
        disable_ipv6 = true
        begin routers
        gone:
          driver = redirect
          local_parts = gone
          domains = +local_domains
          data = :fail: Unknown user
          allow_fail
        full:
          driver = accept
          local_parts = full
          domains = +local_domains
          transport = full
        late:
          driver = manualroute
          local_parts = late
          domains = +local_domains
          route_list = * 127.0.0.1
          self = send
          transport = nowhere
        back:
          driver = manualroute
          domains = ! +local_domains
          route_list = * 127.0.0.1
          self = send
          transport = back
        begin transports
        full:
          driver = appendfile
          file = {_home.PathTo("full.mbox")}
          quota = 1
          user = nobody
        nowhere:
          driver = smtp
          port = 1
          hosts_try_fastopen =
        back:
          driver = smtp
          port = {back}
          hosts_try_fastopen =
        begin retry
        *  *  F,1s,1s

        """.ReplaceLineEndings("\n");
}
