namespace KRaftSharp.Protocol;

/// <summary>Every kind of request with its versions; made from the schema files.</summary>
public static partial class ApiTable
{
    internal const short ForwardableTrait = 4;
    internal const short ClusterActionTrait = 8;
    internal const short UnstableTrait = 16;

    private const int RowLength = 5;

    private static readonly ApiInfo?[] Known = new ApiInfo?[Rows.Length / RowLength];

    /// <summary>All that have a valid version, in the order of their keys.</summary>
    public static IEnumerable<ApiInfo> All
    {
        get
        {
            for (int key = 0; key < Known.Length; key++)
            {
                if (Get((ApiKey)key) is { } info)
                {
                    yield return info;
                }
            }
        }
    }

    /// <summary>Null for a key that no request has, or none any more.</summary>
    public static ApiInfo? Get(ApiKey key)
    {
        if ((uint)key >= (uint)Known.Length)
        {
            return null;
        }

        ReadOnlySpan<short> row = Rows.Slice((int)key * RowLength, RowLength);
        return Known[(int)key] ??= row[1] < 0 ? null : new ApiInfo(key, row);
    }
}
