using System.Security.Cryptography.X509Certificates;
using Engine.Configuration;

namespace Engine.Demo;

/// <summary>What is round an engine on loopback: a directory, names, keys, receivers and a ledger. Disposing it removes the directory.</summary>
internal sealed class DemoWorld : IAsyncDisposable
{
    private const string Password = "a demo on loopback";

    private readonly X509Certificate2 _certificate;
    private readonly SignatureCheck? _signatures;
    private ReceiverStreet? _street;

    private DemoWorld(VerifySignatures? verify, TimeProvider clock, LedgerFile? file)
    {
        Directory = System.IO.Directory.CreateTempSubdirectory("engine-demo-");
        Ledger = new Ledger(clock, file);
        DemoKeys.Create(Path.Join(Directory.FullName, "dkim"), DemoPlan.SenderDomain, Names);
        _certificate = SelfSignedCertificate.Create("*.demo.test", clock.GetUtcNow());
        _signatures = verify is null ? null : new SignatureCheck(message => verify(message, Names, DemoKeys.Count), Ledger);
        Responder = DnsResponder.Start(Names);
    }

    public DirectoryInfo Directory { get; }

    public Ledger Ledger { get; }

    public DnsTable Names { get; } = new();

    public DnsResponder Responder { get; }

    public ReceiverStreet Street => _street ?? throw new InvalidOperationException("The world is not built.");

    /// <summary>What the engine is started with.</summary>
    public Snapshot Snapshot => DemoPlan.Draw(Directory.FullName, Responder.EndPoint, Street.Port, Password);

    public SubmitLogin Login { get; } = new($"{DemoPlan.Account}/generator", Password);

    /// <param name="houses">Makes the receivers; gets a certificate for those with TLS. Default <see cref="ReceiverStreet.OfDemo"/>.</param>
    /// <param name="verify">Checks signatures; null checks none.</param>
    /// <param name="clock">The time.</param>
    /// <param name="taken">Looks at everything taken; null looks at nothing.</param>
    /// <param name="file">For the ledger; owned by the caller.</param>
    public static async Task<DemoWorld> BuildAsync(
        Func<X509Certificate2, IReadOnlyList<ReceiverHouse>>? houses, VerifySignatures? verify, TimeProvider clock, TakenAsync? taken = null, LedgerFile? file = null)
    {
        var world = new DemoWorld(verify, clock, file);
        try
        {
            var receivers = (houses ?? ReceiverStreet.OfDemo)(world._certificate);
            world._street = await ReceiverStreet.OpenAsync(receivers, world.Names, world.Ledger, clock, world.Look(taken));
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every signature of what was taken is checked. Nothing more may be taken.</summary>
    public Task VerifiedAsync() => _signatures?.CompleteAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_street is not null)
        {
            await _street.DisposeAsync();
        }

        await Responder.DisposeAsync();
        if (_signatures is not null)
        {
            await _signatures.DisposeAsync();
        }

        _certificate.Dispose();
        Directory.Delete(recursive: true);
    }

    private TakenAsync? Look(TakenAsync? taken)
    {
        if (taken is null || _signatures is null)
        {
            return _signatures is null ? taken : _signatures.AddAsync;
        }

        return async (mail, stop) =>
        {
            await taken(mail, stop);
            await _signatures.AddAsync(mail, stop);
        };
    }
}
