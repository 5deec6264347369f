import colors from 'picocolors';
import { readDemoConfig } from './config.js';
import { findRunning, startOwn } from './find-vouch.js';
import { tellStory } from './story.js';
import { createSpeaker, createWording, languageOf, TEXTS } from './texts.js';

const print = (text: string) => process.stdout.write(`${text}\n`);
const { dataDir, locale, environment } = readDemoConfig();
const say = createSpeaker(locale);
const startedAt = Date.now();

const running = await findRunning(dataDir);
if (!running) print(colors.dim(say(TEXTS.starting)));
await using shown = running ?? (await startOwn(environment));
if (running) print(colors.dim(`${say(TEXTS.found)}: ${shown.demo.httpUrl} (${shown.demo.mode})`));
print(colors.yellow(say(TEXTS.invented)));

try {
  await tellStory({ demo: shown.demo, say, language: languageOf(locale), word: createWording(locale), print });
  print(`\n${colors.green('✔')} ${say(TEXTS.done)} (${((Date.now() - startedAt) / 1000).toFixed(0)} ${say(TEXTS.seconds)})`);
} catch (failure) {
  process.stderr.write(`\n${colors.red('✘')} ${failure instanceof Error ? failure.message : String(failure)}\n`);
  process.exitCode = 1;
}
