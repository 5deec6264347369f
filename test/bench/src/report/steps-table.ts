import type { Step } from '../large-batch/run-large-batch.js';
import { render } from './table.js';

const MEGABYTE = 1024 * 1024;

/** A large batch, step by step. */
export const toStepsTable = (steps: readonly Step[]): string =>
  render(
    steps.map(({ step, peakBytes, seconds }) => ({
      step,
      'peak memory, MB': String(Math.round(peakBytes / MEGABYTE)),
      seconds: String(Math.round(seconds)),
    })),
  );
