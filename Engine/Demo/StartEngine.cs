using Engine.Configuration;

namespace Engine.Demo;

/// <summary>Starts an engine; completes when its listeners take connections.</summary>
/// <param name="snapshot">Its configuration.</param>
/// <param name="clock">Its time.</param>
/// <param name="loggers">Its logs.</param>
/// <param name="stop">Ends the start.</param>
internal delegate Task<IDemoEngine> StartEngine(Snapshot snapshot, TimeProvider clock, ILoggerFactory loggers, CancellationToken stop);
