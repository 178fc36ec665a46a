using System.Net;

namespace Engine.Submission;

/// <summary>A listener that takes connections, and where.</summary>
/// <param name="Name">Its key under <c>listeners</c>.</param>
/// <param name="EndPoint">With the real port, also where 0 was asked for.</param>
internal readonly record struct BoundListener(string Name, IPEndPoint EndPoint);
