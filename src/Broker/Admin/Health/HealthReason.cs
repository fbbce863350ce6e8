namespace KRaftSharp.Broker.Admin.Health;

/// <summary>How well something is.</summary>
public enum HealthStatus
{
    Green,

    /// <summary>Everything is served; one more failure may change that.</summary>
    Yellow,

    /// <summary>Something is not served.</summary>
    Red,
}

/// <summary>One thing that is not as it should be.</summary>
/// <param name="Code">For scripts.</param>
/// <param name="Examples">Some of the partitions or brokers that it is about.</param>
public sealed record HealthReason(
    HealthStatus Status, string Code, string Message, IReadOnlyList<string> Examples);

/// <summary>The answer to "how is it?".</summary>
public sealed record HealthAnswer(HealthStatus Status, IReadOnlyList<HealthReason> Reasons)
{
    internal static HealthAnswer Of(IReadOnlyList<HealthReason> reasons) => new(
        reasons.Count == 0 ? HealthStatus.Green : reasons.Max(reason => reason.Status), reasons);
}
