using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Engine.Reputation.Sources;

namespace Engine.Tests.Reputation.Sources;

/// <summary>Against the kernel. What changes addresses does so in a network namespace of its own thread, where that is permitted.</summary>
internal sealed partial class HostInterfacesTests
{
    private const int CloneNewNetwork = 0x40000000;

    [Test]
    public void Loopback_is_present_and_a_documentation_address_is_missing()
    {
        var (here, range, gone) = (IPAddress.Loopback, IPAddress.Parse("127.77.1.2"), IPAddress.Parse("203.0.113.77"));
        var seen = new HostInterfaces().Read([here, range, gone, gone]);

        Assert.That((seen[here], seen[range], seen[gone]), Is.EqualTo((AddressPresence.Present, AddressPresence.Present, AddressPresence.Missing)), "all of 127/8 is local by a route");
    }

    [Test]
    public void Addresses_are_seen_to_come_and_go_with_their_interface()
    {
        var seen = InNamespace(() =>
        {
            var (four, six) = (IPAddress.Parse("198.51.100.7"), IPAddress.Parse("2001:db8::7"));
            List<(AddressPresence Four, AddressPresence Six)> looks = [];
            void Look() => looks.Add((new HostInterfaces().Read([four, six])[four], new HostInterfaces().Read([four, six])[six]));

            // In a namespace that never had an address the kernel lets anything be bound.
            Ip("link set lo up");
            Look();
            Ip("addr add 198.51.100.7/32 dev lo");
            Ip("addr add 2001:db8::7/128 dev lo nodad");
            Look();
            Ip("link set lo down");
            Look();
            Ip("link set lo up");
            Ip("addr del 198.51.100.7/32 dev lo");
            Look();
            Ip("route add local 198.51.100.0/24 dev lo");
            Look();
            return looks;
        });

        Assert.That(seen.Select(look => look.Four), Is.EqualTo(new[]
        {
            AddressPresence.Missing, AddressPresence.Present, AddressPresence.InterfaceDown, AddressPresence.Missing, AddressPresence.Present,
        }));
        Assert.That(seen[..2].Select(look => look.Six), Is.EqualTo(new[] { AddressPresence.Missing, AddressPresence.Present }));
        Assert.That(seen[2].Six, Is.Not.EqualTo(AddressPresence.Present));
    }

    [Test]
    public void What_the_monitor_calls_missing_the_kernel_refuses_to_bind()
    {
        var faults = InNamespace(() =>
        {
            Ip("link set lo up");
            Ip("addr add 198.51.100.7/32 dev lo");
            var bound = Bind("198.51.100.7");
            Ip("addr del 198.51.100.7/32 dev lo");
            return (bound, Bind("198.51.100.7"));
        });

        Assert.That(faults, Is.EqualTo((SocketError.Success, SocketError.AddressNotAvailable)));
    }

    private static SocketError Bind(string address)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            return SocketError.Success;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode;
        }
    }

    // A thread leaves the host's network for good, so it is one of its own, and ends. The ip program it starts is in its namespace.
    private static T InNamespace<T>(Func<T> act)
    {
        var (result, fault, refused) = (default(T), default(Exception), 0);
        var thread = new Thread(() =>
        {
            refused = Unshare(CloneNewNetwork) == 0 ? 0 : Marshal.GetLastPInvokeError();
            try
            {
                result = refused == 0 ? act() : default;
            }
            catch (Exception thrown) when (thrown is InvalidOperationException or IOException or System.ComponentModel.Win32Exception)
            {
                fault = thrown;
            }
        });
        thread.Start();
        thread.Join();
        if (refused != 0 || fault is not null)
        {
            Assert.Ignore($"No network namespace with ip(8) here: {fault?.Message ?? $"unshare: error {refused}"}");
        }

        return result!;
    }

    private static void Ip(string arguments)
    {
        using var ip = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardError = true })!;
        var words = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        if (ip.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip {arguments}: {words}");
        }
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unshare(int flags);
}
