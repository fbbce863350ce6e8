using System.Globalization;

namespace KRaftSharp.Quorum.Configs;

/// <summary>What values a config may have beyond its type. Messages are Kafka's.</summary>
public abstract record ConfigValidator
{
    /// <summary>What is wrong with the value, or null.</summary>
    /// <param name="name">The config.</param>
    /// <param name="value">A bool, long, double, string, list of strings, or null.</param>
    public abstract ConfigFault? Check(string name, object? value);

    /// <summary>The allowed values in words.</summary>
    public abstract string Describe();

    protected static string Show(object value) => value is double number
        ? number.ToString("R", CultureInfo.InvariantCulture)
        : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    /// <summary>A number within bounds, each of which may be missing.</summary>
    internal sealed record Range(double? Min, double? Max) : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value)
        {
            if (value is null)
            {
                return new ConfigFault("Value must be non-null");
            }

            double number = Convert.ToDouble(value, CultureInfo.InvariantCulture);
            if (number < Min)
            {
                return new ConfigFault($"Value must be at least {Show(Min)}");
            }

            return number > Max ? new ConfigFault($"Value must be no more than {Show(Max)}") : null;
        }

        public override string Describe() => (Min, Max) switch
        {
            ({ } min, { } max) => $"[{Show(min)},...,{Show(max)}]",
            ({ } min, null) => $"[{Show(min)},...]",
            (null, { } max) => $"[...,{Show(max)}]",
            _ => "",
        };
    }

    /// <summary>A number within bounds or one special value.</summary>
    internal sealed record RangeOr(long Min, long Max, long Special) : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value) =>
            value is long number && ((number >= Min && number <= Max) || number == Special)
                ? null
                : new ConfigFault($"Value must be between {Min} and {Max} or equal to {Special}");

        public override string Describe() => $"[{Min},...,{Max}] or {Special}";
    }

    internal sealed record OneOf(params string[] Values) : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value) => value is string text && Values.Contains(text)
            ? null
            : new ConfigFault($"String must be one of: {string.Join(", ", Values)}");

        public override string Describe() => $"[{string.Join(", ", Values)}]";
    }

    internal sealed record OneOfIgnoringCase(params string[] Values) : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value) =>
            value is string text && Values.Contains(text, StringComparer.OrdinalIgnoreCase)
                ? null
                : new ConfigFault($"String must be one of (case insensitive): {string.Join(", ", Values)}");

        public override string Describe() => $"(case insensitive) [{string.Join(", ", Values)}]";
    }

    /// <summary>A list without duplicates, of the given values or, when there are none, of any.</summary>
    internal sealed record UniqueList(bool MayBeEmpty, bool MayBeNull, params string[] Values) : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value)
        {
            if (value is not IReadOnlyList<string> items)
            {
                return MayBeNull ? null : ConfigFault.Whole($"Configuration '{name}' values must not be null.");
            }

            if (items.Count == 0 && !MayBeEmpty)
            {
                string valid = Values.Length == 0 ? "any non-empty value" : $"[{string.Join(", ", Values)}]";
                return ConfigFault.Whole($"Configuration '{name}' must not be empty. Valid values include: {valid}");
            }

            if (items.Distinct().Count() != items.Count)
            {
                return ConfigFault.Whole($"Configuration '{name}' values must not be duplicated.");
            }

            if (items.Any(item => item.Length == 0))
            {
                return ConfigFault.Whole($"Configuration '{name}' values must not be empty.");
            }

            return Values.Length > 0 && items.FirstOrDefault(item => !Values.Contains(item)) is { } wrong
                ? new ConfigFault($"String must be one of: {string.Join(", ", Values)}", wrong)
                : null;
        }

        public override string Describe() => (Values.Length == 0 ? "any" : $"[{string.Join(", ", Values)}]")
            + " without duplicates" + (MayBeEmpty ? "" : ", not empty");
    }

    internal sealed record NonEmptyString : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value) =>
            value is string { Length: 0 } ? new ConfigFault("String must be non-empty") : null;

        public override string Describe() => "non-empty string";
    }

    /// <summary>The literal * or pairs of partition and broker.</summary>
    internal sealed record ThrottledReplicas : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value)
        {
            bool isValid = value is IReadOnlyList<string> items
                && (items is ["*"] || items.All(item => item.Split(':') is [var partition, var broker]
                    && IsNumber(partition) && IsNumber(broker)));
            return isValid
                ? null
                : ConfigFault.Whole(name + " must be the literal '*' or a list of replicas in the following format: "
                    + "[partitionId]:[brokerId],[partitionId]:[brokerId],...");
        }

        public override string Describe() => "[partitionId]:[brokerId],[partitionId]:[brokerId],...";

        private static bool IsNumber(string text) => text.Length > 0 && text.All(char.IsAsciiDigit);
    }

    /// <summary>latest, earliest or by_duration: with an ISO-8601 duration.</summary>
    internal sealed record OffsetReset : ConfigValidator
    {
        public override ConfigFault? Check(string name, object? value) =>
            value is "latest" or "earliest" || (value is string text && IsDuration(text))
                ? null
                : ConfigFault.Whole($"Invalid value `{value}` for configuration {name}. The value must be either "
                    + "'earliest', 'latest' or of the format 'by_duration:<PnDTnHnMn.nS>'.");

        public override string Describe() => "[latest, earliest, by_duration:PnDTnHnMn.nS]";

        private static bool IsDuration(string text)
        {
            const string Prefix = "by_duration:";
            if (!text.StartsWith(Prefix, StringComparison.Ordinal))
            {
                return false;
            }

            try
            {
                return System.Xml.XmlConvert.ToTimeSpan(text[Prefix.Length..]) >= TimeSpan.Zero;
            }
            catch (FormatException)
            {
                return false;
            }
            catch (OverflowException)
            {
                return false;
            }
        }
    }
}
