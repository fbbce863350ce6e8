// Clients, three nodes and nothing else on the machine's cores: timing tests would disturb each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
