using KRaftSharp.Protocol.Generator.Model;

namespace KRaftSharp.Protocol.Generator.Emit;

/// <summary>What is made of all messages together: the factory and the rows of the API table.</summary>
internal static class CatalogueEmitter
{
    /// <summary>Cases in one method: a method names, and so loads, only the classes of its own cases.</summary>
    private const int CasesPerMethod = 16;

    public static string EmitFactory(IReadOnlyList<CatalogueEntry> entries)
    {
        var code = new CodeWriter();
        code.Line("using KRaftSharp.Protocol.Messages;");
        code.Line("");
        code.Line("namespace KRaftSharp.Protocol;");
        code.Line("");
        code.Line("/// <summary>Makes empty messages by their numbers; null for a number that nothing has.</summary>");
        code.Open("public static partial class MessageFactory");
        EmitMaker(code, entries, MessageKind.Request, "IApiMessage", "NewRequest", "ApiKey");
        EmitMaker(code, entries, MessageKind.Response, "IApiMessage", "NewResponse", "ApiKey");
        EmitMaker(code, entries, MessageKind.Metadata, "IMetadataRecord", "NewMetadataRecord", "short");
        EmitMaker(code, entries, MessageKind.RemoteLog, "IMetadataRecord", "NewRemoteLogRecord", "short");
        EmitMaker(code, entries, MessageKind.GroupKey, "ICoordinatorRecord", "NewGroupKey", "short");
        EmitMaker(code, entries, MessageKind.GroupValue, "ICoordinatorRecord", "NewGroupValue", "short");
        EmitMaker(code, entries, MessageKind.TransactionKey, "ICoordinatorRecord", "NewTransactionKey", "short");
        EmitMaker(code, entries, MessageKind.TransactionValue, "ICoordinatorRecord", "NewTransactionValue", "short");
        EmitMaker(code, entries, MessageKind.ShareKey, "ICoordinatorRecord", "NewShareKey", "short");
        EmitMaker(code, entries, MessageKind.ShareValue, "ICoordinatorRecord", "NewShareValue", "short");
        code.Close();
        return MessageEmitter.Header + code;
    }

    public static string EmitApiRows(IReadOnlyList<CatalogueEntry> entries)
    {
        var responses = entries.Where(entry => entry.Kind == MessageKind.Response).ToDictionary(entry => entry.Key);
        var requests = entries.Where(entry => entry.Kind == MessageKind.Request).ToDictionary(entry => entry.Key);
        var code = new CodeWriter();
        code.Line("namespace KRaftSharp.Protocol;");
        code.Line("");
        code.Open("public static partial class ApiTable");
        code.Line("/// <summary>A row a key: lowest, highest, flexible request and response from, traits.</summary>");
        code.Open("private static ReadOnlySpan<short> Rows =>");
        for (int key = 0; requests.Count > 0 && key <= requests.Keys.Max(); key++)
        {
            code.Line(requests.TryGetValue(key, out CatalogueEntry? row) && responses.TryGetValue(key, out var response)
                ? $"{row.Versions.Low}, {row.Versions.High}, {row.FlexibleFrom}, {response.FlexibleFrom}, "
                    + $"{(int)row.Traits}, // {row.Name}"
                : "0, -1, 0, 0, 0,");
        }

        code.Close(";");
        code.Close();
        return MessageEmitter.Header + code.ToString().Replace("=>\n    {", "=>\n    [").Replace("    };", "    ];");
    }

    private static void EmitMaker(
        CodeWriter code,
        IReadOnlyList<CatalogueEntry> entries,
        MessageKind kind,
        string type,
        string method,
        string keyType)
    {
        List<List<CatalogueEntry>> parts = [.. entries.Where(entry => entry.Kind == kind)
            .GroupBy(entry => entry.Key / CasesPerMethod).OrderBy(part => part.Key)
            .Select(part => part.OrderBy(entry => entry.Key).ToList())];
        code.Open($"public static {type}? {method}({keyType} key) => ((int)key / {CasesPerMethod}) switch");
        foreach (List<CatalogueEntry> part in parts)
        {
            int number = part[0].Key / CasesPerMethod;
            code.Line($"{number} => {method}{number}((int)key),");
        }

        code.Line("_ => null,");
        code.Close(";");
        code.Line("");
        foreach (List<CatalogueEntry> part in parts)
        {
            code.Open($"private static {type}? {method}{part[0].Key / CasesPerMethod}(int key) => key switch");
            foreach (CatalogueEntry entry in part)
            {
                code.Line($"{entry.Key} => new {entry.Name}(),");
            }

            code.Line("_ => null,");
            code.Close(";");
            code.Line("");
        }
    }
}
