namespace KRaftSharp.Tests.Property.Simulation.Consumers;

/// <summary>Wrong members, which the checkers must find.</summary>
internal enum ConsumerMistake
{
    None,

    /// <summary>What a poll has returned is committed before it is processed, and what comes between is lost.</summary>
    CommitsAhead,

    /// <summary>The leader of a classic group gives one partition to two members.</summary>
    TwoOwners,
}
