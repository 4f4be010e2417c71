#if !USE_VERIFY
using System.Runtime.CompilerServices;

namespace VerifyXunit;

/// <summary>A verification that has not run yet and may still be configured; it runs when awaited.</summary>
public sealed class SettingsTask
{
    private readonly string _target;
    private readonly string _extension;
    private readonly string _sourceFile;
    private string _typeName;
    private string _methodName;
    private string? _directory;
    private string? _fileName;
    private string? _parameters;
    private bool _autoVerify;
    private Task? _run;

    internal SettingsTask(string target, string extension, string sourceFile, string methodName)
    {
        _target = target;
        _extension = extension;
        _sourceFile = sourceFile;
        _typeName = Path.GetFileNameWithoutExtension(sourceFile);
        _methodName = methodName;
    }

    /// <summary>Distinguishes the rows of a parametrised test: <c>C.M_text.verified.txt</c>.</summary>
    public SettingsTask UseTextForParameters(string text)
    {
        _parameters = text;
        return this;
    }

    /// <summary>Puts the snapshot into a directory relative to the test's source file.</summary>
    public SettingsTask UseDirectory(string directory)
    {
        _directory = directory;
        return this;
    }

    /// <summary>Replaces the class part of the file name.</summary>
    public SettingsTask UseTypeName(string name)
    {
        _typeName = name;
        return this;
    }

    /// <summary>Replaces the method part of the file name.</summary>
    public SettingsTask UseMethodName(string name)
    {
        _methodName = name;
        return this;
    }

    /// <summary>Replaces class, method and parameters of the file name.</summary>
    public SettingsTask UseFileName(string name)
    {
        _fileName = name;
        return this;
    }

    /// <summary>Approves what is received.</summary>
    public SettingsTask AutoVerify()
    {
        _autoVerify = true;
        return this;
    }

    /// <summary>Runs the verification, once.</summary>
    public Task ToTask() => _run ??= SnapshotFile.CheckAsync(Stem(), _extension, _target, _autoVerify);

    /// <summary>Runs the verification, once.</summary>
    public static implicit operator Task(SettingsTask settings) => settings.ToTask();

    /// <summary>Makes the verification awaitable.</summary>
    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();

    /// <summary>Configures the await.</summary>
    public ConfiguredTaskAwaitable ConfigureAwait(bool continueOnCapturedContext) => ToTask().ConfigureAwait(continueOnCapturedContext);

    private string Stem()
    {
        string folder = Path.GetDirectoryName(_sourceFile) ?? ".";
        if (_directory is not null)
            folder = Path.Combine(folder, _directory);
        string name = _fileName ?? $"{_typeName}.{_methodName}{(_parameters is null ? "" : "_" + FileNameOf(_parameters))}";
        return Path.Combine(folder, name);
    }

    private static string FileNameOf(string text) =>
        string.Concat(text.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '=' or '-' or ',' or ' ' ? c : '-'));
}
#endif
