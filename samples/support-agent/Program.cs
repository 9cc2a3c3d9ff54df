using SupportAgent;

Knobs knobs;
try
{
    knobs = KnobReader.Read(args, Environment.GetEnvironmentVariable);
}
catch (FormatException fault)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}

await using var app = AgentApplication.Build(knobs);
try
{
    await app.StartAsync();
}
catch (IOException fault)
{
    Console.Error.WriteLine($"{fault.Message.TrimEnd('.')}: stop what listens there, or name another port with --port.");
    return 1;
}
Console.WriteLine($"support-agent {knobs.Version} listens on {string.Join(' ', app.Urls)}");
if (knobs.StopWithStdin)
{
    _ = Console.In.ReadToEndAsync().ContinueWith(_ => app.Lifetime.StopApplication(), TaskScheduler.Default);
}

await app.WaitForShutdownAsync();
return 0;
