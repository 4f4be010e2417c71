using System.CommandLine;

namespace Emulator.Cli.Parsing;

/// <summary>Options whose values are numbers.</summary>
internal static class NumberOptions
{
    private delegate bool Parser(string text, out long value);

    /// <summary>A number of bytes, such as 64M.</summary>
    public static Option<long?> Size(string name, string description) => Create(name, "SIZE", "a size such as 64M", description, Numbers.TryParseSize);

    /// <summary>A count, such as 500M.</summary>
    public static Option<long?> Count(string name, string description) => Create(name, "N", "a number such as 1000000 or 500M", description, Numbers.TryParseCount);

    /// <summary>An address or offset, such as 0x7C00.</summary>
    public static Option<long?> Address(string name, string description) => Create(name, "N", "a number such as 512 or 0x200", description, Numbers.TryParse);

    private static Option<long?> Create(string name, string helpName, string expected, string description, Parser parser) => new(name)
    {
        Description = description,
        HelpName = helpName,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (parser(text, out var value))
            {
                return value;
            }

            result.AddError($"{name}: '{text}' is not {expected}.");
            return null;
        },
    };
}
