using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace KRaftSharp.Protocol;

/// <summary>What generated code does with lists.</summary>
internal static class WireLists
{
    /// <summary>Sets the number of elements and gives them for filling: old elements stay, new ones are null.</summary>
    public static Span<T?> Resize<T>(List<T> list, int count)
        where T : class
    {
        SetCount(list, count);
        return CollectionsMarshal.AsSpan(list)!;
    }

    public static ReadOnlySpan<T> Span<T>(List<T>? list) => CollectionsMarshal.AsSpan(list);

    /// <summary>The number of elements, -1 for null where null is allowed.</summary>
    public static int Count<T>(List<T>? list, bool nullable) => Require(list, nullable)?.Count ?? -1;

    [return: NotNullIfNotNull(nameof(value))]
    public static T? Require<T>(T? value, bool nullable)
    {
        if (!nullable && value is null)
        {
            UnsupportedFieldException.ThrowNull();
        }

        return value;
    }

    public static void Read<T, TElement>(ref WireReader reader, List<T> list, bool compact)
        where TElement : struct, IWireElement<T> =>
        Fill<T, TElement>(ref reader, list, reader.ReadArrayLength(compact, TElement.LeastBytes(compact)), compact);

    public static List<T>? ReadNullable<T, TElement>(
        ref WireReader reader, List<T>? list, bool compact, bool nullable)
        where TElement : struct, IWireElement<T>
    {
        int count = reader.ReadNullableArrayLength(compact, TElement.LeastBytes(compact));
        if (count < 0)
        {
            if (nullable)
            {
                return null;
            }

            reader.Fail(WireFault.UnexpectedNull);
            count = 0;
        }

        list ??= [];
        Fill<T, TElement>(ref reader, list, count, compact);
        return list;
    }

    public static void Write<T, TElement>(ref WireWriter writer, List<T>? list, bool compact, bool nullable)
        where TElement : struct, IWireElement<T>
    {
        writer.WriteArrayLength(Count(list, nullable), compact);
        foreach (T item in Span(list))
        {
            TElement.Write(ref writer, item, compact);
        }
    }

    public static void AddSize<T, TElement>(ref WireSizer sizer, List<T>? list, bool compact)
        where TElement : struct, IWireElement<T>
    {
        sizer.AddArrayLength(Count(list, nullable: true), compact);
        foreach (T item in Span(list))
        {
            TElement.AddSize(ref sizer, item, compact);
        }
    }

    private static void Fill<T, TElement>(ref WireReader reader, List<T> list, int count, bool compact)
        where TElement : struct, IWireElement<T>
    {
        SetCount(list, count);
        foreach (ref T item in CollectionsMarshal.AsSpan(list))
        {
            item = TElement.Read(ref reader, compact);
        }
    }

    /// <summary>An array of just the length that is needed: most lists are short and never grow.</summary>
    private static void SetCount<T>(List<T> list, int count)
    {
        if (list.Capacity < count)
        {
            list.Capacity = count;
        }

        CollectionsMarshal.SetCount(list, count);
    }
}
