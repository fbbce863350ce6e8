using System.CommandLine;
using KRaftSharp.Client;
using KRaftSharp.Client.Admin;
using KRaftSharp.Protocol;

namespace KRaftSharp.Cli;

internal static class TopicsDeleteCommand
{
    public static Command Create()
    {
        Argument<string[]> names = new("topic")
        {
            Description = "The topics' names",
            Arity = ArgumentArity.OneOrMore,
        };
        Option<bool> ifExists = new("--if-exists") { Description = "Succeed when there is no such topic" };
        ConnectionOptions connection = new();
        Command command = new("delete", "Delete topics and all that is in them") { names, ifExists };
        connection.AddTo(command);
        command.Run(async (arguments, cancellation) =>
        {
            await using KafkaAdmin admin = KafkaAdmin.Create(connection.Apply(arguments, new ClientOptions()));
            foreach (string name in arguments.GetRequiredValue(names))
            {
                try
                {
                    await admin.DeleteTopicAsync(name, cancellation);
                    Console.WriteLine($"deleted topic {name}");
                }
                catch (KafkaException error) when (error.Code == ErrorCode.UnknownTopicOrPartition
                    && arguments.GetValue(ifExists))
                {
                    Console.WriteLine($"there is no topic {name}");
                }
            }

            return 0;
        });
        return command;
    }
}
