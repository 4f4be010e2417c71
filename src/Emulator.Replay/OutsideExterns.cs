using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using Emulator.Isa.Analysis.PopekGoldberg;
using Emulator.Isa.Semantics;

namespace Emulator.Replay;

/// <summary>Makes, for the externs class of any ISA, the instance that answers as an <see cref="OutsideMachine"/> does.</summary>
public static class OutsideExterns
{
    /// <summary>Makes an instance.</summary>
    /// <param name="externs">The generated abstract class.</param>
    /// <param name="model">The spec it was generated from, which says what each extern reads and writes.</param>
    /// <param name="outside">What answers.</param>
    /// <exception cref="InvalidOperationException">The class has other externs than the spec.</exception>
    public static object Create(Type externs, IsaModel model, OutsideMachine outside)
    {
        ArgumentNullException.ThrowIfNull(externs);
        ArgumentNullException.ThrowIfNull(model);
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName($"{externs.Name}.Outside"), AssemblyBuilderAccess.RunAndCollect);
        var type = assembly.DefineDynamicModule("Main").DefineType("Outside", TypeAttributes.Public | TypeAttributes.Sealed, externs);
        var field = type.DefineField("outside", typeof(OutsideMachine), FieldAttributes.Public);
        foreach (var method in externs.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(m => m.IsAbstract))
        {
            var function = model.Externs.Find(e => string.Equals(e.Name.Replace("_", "", StringComparison.Ordinal), method.Name, StringComparison.OrdinalIgnoreCase))
                ?? throw new InvalidOperationException($"the spec has no extern {method.Name}");
            Implement(type, field, method, function);
        }

        var made = Activator.CreateInstance(type.CreateType())!;
        made.GetType().GetField("outside")!.SetValue(made, outside);
        return made;
    }

    /// <summary>What the generated methods call.</summary>
    /// <param name="roles">Roles read, and above them, shifted by eight, roles written.</param>
    public static ulong Answer(OutsideMachine outside, int roles, int width, int count, ulong a, ulong b, ulong c, ulong d, ulong e, ulong f)
    {
        ArgumentNullException.ThrowIfNull(outside);
        ReadOnlySpan<ulong> all = [a, b, c, d, e, f];
        var answer = outside.Answer(roles & 0xFF, roles >> 8, all[..count]);
        return width >= 64 ? answer : answer & ((1UL << width) - 1);
    }

    private static void Implement(TypeBuilder type, FieldBuilder field, MethodInfo method, IrFunction function)
    {
        const int Most = 6;
        Type[] parameters = [.. method.GetParameters().Select(p => p.ParameterType)];
        var count = parameters.Length - 1;
        if (count > Most)
        {
            throw new InvalidOperationException($"the extern {function.Name} has more than {Most} parameters");
        }

        var body = type.DefineMethod(method.Name, MethodAttributes.Public | MethodAttributes.Virtual | MethodAttributes.HideBySig, method.ReturnType, parameters);
        var il = body.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldfld, field);
        il.Emit(OpCodes.Ldc_I4, Roles(function.Extern!.Reads) | Roles(function.Extern.Writes) << 8);
        il.Emit(OpCodes.Ldc_I4, function.Results.IsEmpty ? 1 : function.Results[0].Width);
        il.Emit(OpCodes.Ldc_I4, count);
        for (var i = 0; i < Most; i++)
        {
            if (i >= count)
            {
                il.Emit(OpCodes.Ldc_I8, 0L);
                continue;
            }

            il.Emit(OpCodes.Ldarg, (short)(i + 2));
            if (parameters[i + 1] == typeof(UInt128))
            {
                il.Emit(OpCodes.Call, Conversion(typeof(UInt128), typeof(ulong)));
            }
            else
            {
                il.Emit(OpCodes.Conv_U8);
            }
        }

        il.Emit(OpCodes.Call, typeof(OutsideExterns).GetMethod(nameof(Answer))!);
        if (method.ReturnType == typeof(UInt128))
        {
            il.Emit(OpCodes.Call, Conversion(typeof(ulong), typeof(UInt128)));
        }
        else if (method.ReturnType == typeof(void))
        {
            il.Emit(OpCodes.Pop);
        }
        else if (Unsafe.SizeOf<ulong>() != System.Runtime.InteropServices.Marshal.SizeOf(method.ReturnType) || method.ReturnType == typeof(bool))
        {
            il.Emit(OpCodes.Conv_U4);
        }

        il.Emit(OpCodes.Ret);
        type.DefineMethodOverride(body, method);
    }

    private static MethodInfo Conversion(Type from, Type to) =>
        typeof(UInt128).GetMethods(BindingFlags.Public | BindingFlags.Static).Single(m => m.Name is "op_Explicit" or "op_Implicit" && m.ReturnType == to && m.GetParameters()[0].ParameterType == from);

    private static int Roles(IEnumerable<string> names) => names.Aggregate(0, (roles, name) => roles | (int)RoleNames.Parse(name));
}
