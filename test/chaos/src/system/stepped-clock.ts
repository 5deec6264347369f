// Loaded into a service with `node --import` by the chaos run, never by anything else: it moves the service's wall clock by as many
// milliseconds as stand in a file, as a clock that is set anew would; the monotonic clock goes on undisturbed.
import { readFileSync } from 'node:fs';

const file = process.env.CHAOS_CLOCK_FILE ?? '';
const LOOK_EVERY_MS = 100;
const SystemDate = Date;
let offsetMs = 0;

const now = (): number => SystemDate.now() + offsetMs;

const SteppedDate: DateConstructor = new Proxy(SystemDate, {
  apply: () => new SystemDate(now()).toString(),
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made === SteppedDate ? target : made),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
globalThis.Date = SteppedDate;

setInterval(() => {
  try {
    offsetMs = Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    offsetMs = 0;
  }
}, LOOK_EVERY_MS).unref();
