#!/usr/bin/env node
import { createPeopleCommand } from './people/command.js';

const chinese = Intl.DateTimeFormat().resolvedOptions().locale.startsWith('zh');

// `people | head` closes the pipe early; that is no failure.
process.stdout.on('error', (failure: NodeJS.ErrnoException) => {
  process.exitCode = failure.code === 'EPIPE' ? 0 : 1;
});

createPeopleCommand((text) => process.stdout.write(text), chinese ? 'zh' : 'en').parse();
