namespace Emulator.Runtime.Tests.Toy;

internal unsafe delegate void ToyAction(ToyState* s);
