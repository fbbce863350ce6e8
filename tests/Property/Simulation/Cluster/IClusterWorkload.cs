using KRaftSharp.Tests.Property.Simulation.Clients;

namespace KRaftSharp.Tests.Property.Simulation.Cluster;

/// <summary>The clients of one run, and what they have to say of it.</summary>
internal interface IClusterWorkload
{
    ClientHistory History { get; }

    /// <summary>Sees what the logs of all replicas get; null for nobody.</summary>
    IReplicaObserver? Observer { get; }

    bool AreDone { get; }

    /// <summary>Who is not done, for a message.</summary>
    string Waiting { get; }

    /// <summary>No new work: what is under way is finished.</summary>
    void Drain();

    /// <summary>All is done: adds to the history what is there in the end, beside what logs hold.</summary>
    void Conclude();

    /// <summary>What is broken beside what the history tells: a property's name and what.</summary>
    IEnumerable<(string Property, string What)> Broken();
}
