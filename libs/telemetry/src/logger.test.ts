import { describe, expect, it } from 'vitest';
import { createLogger } from './logger.js';

function collect(prettyLogs: boolean, logLevel = 'info') {
  const lines: string[] = [];
  const logger = createLogger({ serviceName: 'lookup', logLevel, prettyLogs, logDestination: { write: (line) => void lines.push(line) } });
  return { lines, logger };
}

describe('logger', () => {
  it('writes a line of JSON an event, with service, level and trace', () => {
    const { lines, logger } = collect(false);
    logger.child({ trace: '4bf92f3577b34da6a3ce929d0e0e4736' }).info({ claims: 4 }, 'lookup answered');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      level: 'info',
      service: 'lookup',
      trace: '4bf92f3577b34da6a3ce929d0e0e4736',
      claims: 4,
      msg: 'lookup answered',
    });
  });

  it('keeps to its level', () => {
    const { lines, logger } = collect(false, 'warn');
    logger.info('not this');
    logger.warn('this');
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['this']);
  });

  it('writes type, code, message, stack and causes of an error, and nothing else that hangs on it', () => {
    const { lines, logger } = collect(false);
    const driver = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (name)=(a person) exists',
      row: { name: 'a person' },
    });
    logger.error({ err: new TypeError('could not save', { cause: driver }) }, 'failed');
    const { err } = JSON.parse(lines[0] as string);
    expect(err).toMatchObject({
      type: 'TypeError',
      message: 'could not save',
      cause: { type: 'Error', code: '23505', message: 'duplicate key' },
    });
    expect(lines[0]).not.toContain('a person');
  });

  it('covers what looks like an ID number in the text of an error', () => {
    const { lines, logger } = collect(false);
    logger.error({ err: new Error('bad input: 37500119900101123X, sorry') }, 'failed');
    expect(lines[0]).not.toContain('37500119900101123X');
    expect(JSON.parse(lines[0] as string).err.message).toBe('bad input: [id number], sorry');
  });

  it('ends a chain of causes that goes in a circle', () => {
    const { lines, logger } = collect(false);
    const failure = new Error('round');
    failure.cause = failure;
    logger.error({ err: failure }, 'failed');
    expect(lines).toHaveLength(1);
  });

  it('writes for people when asked', () => {
    const { lines, logger } = collect(true);
    logger.info({ port: 8080 }, 'listening');
    expect(lines.join('')).toMatch(/INFO.*lookup listening.*8080/);
    expect(() => JSON.parse(lines.join(''))).toThrow();
  });
});
