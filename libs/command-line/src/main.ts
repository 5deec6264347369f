import { CommanderError } from 'commander';
import { createVouchCommand } from './commands.js';
import { describeFailure, EXIT } from './failure.js';
import { createTerminal } from './terminal.js';

const terminal = createTerminal(process.stdout, process.stderr);
// `vouch batch results … | head` closes the pipe early; that is no failure.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => process.exit(failure.code === 'EPIPE' ? EXIT.ok : EXIT.failed));

try {
  const command = createVouchCommand(terminal, (exit) => {
    process.exitCode = exit;
  });
  // Subcommands take over how the command exits only when they are told one by one.
  for (const one of [command, ...command.commands, ...command.commands.flatMap(({ commands }) => commands)]) one.exitOverride();
  await command.parseAsync();
} catch (failure) {
  if (failure instanceof CommanderError) process.exitCode = failure.exitCode === 0 ? EXIT.ok : EXIT.usage;
  else {
    const { text, exit } = describeFailure(failure);
    terminal.say(`vouch: ${text}`);
    process.exitCode = exit;
  }
}
