AgentCanary.Cli.Demo.Tether.TieIfAsked();
return await AgentCanary.Cli.CommandTree.RunAsync(args);
