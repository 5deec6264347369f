import { compileRequirementSet, evaluate, type Finding, nextClaims } from '@vouch/rules';
import { setOf } from './big-set.js';

// What a requirement set costs: prints microseconds for each step, by the number of claims. Not a test: nothing is asserted.

const ROUND_US = 60_000;
const RUNS_BETWEEN_LOOKS = 50;
const OUTCOMES = ['confirmed', 'refuted', 'not_found', 'unavailable', 'confirmed'] as const;

const people = new Set(['child', 'guardian', 'guardian2']);
const inputs = (day: number) => ({ entryYear: 2026, applicationDate: `2026-06-${String((day % 28) + 1).padStart(2, '0')}`, people });

let kept = 0;

/** Microseconds of CPU that one run of it takes, in the middle of five rounds after one to warm up: other processes do not count. */
function measure(run: (turn: number) => number): number {
  const rounds = Array.from({ length: 6 }, () => {
    const from = process.cpuUsage();
    for (let runs = 0; ; ) {
      for (const until = runs + RUNS_BETWEEN_LOOKS; runs < until; runs += 1) kept += run(runs);
      const { user, system } = process.cpuUsage(from);
      if (user + system > ROUND_US) return (user + system) / runs;
    }
  });
  return rounds.slice(1).sort((a, b) => a - b)[2] ?? Number.NaN;
}

const lines = [10, 20, 40, 80].map((rules) => {
  const compiled = compileRequirementSet(setOf(rules));
  const personal = compileRequirementSet({
    ...setOf(rules),
    requires: [{ dayBetween: { day: { input: 'childBirthDate' }, to: '2020-08-31' } }],
  });
  const plan = compiled.plan(inputs(0));
  const findings = Array.from({ length: 16 }, (_, family) =>
    plan.claims.map((_claim, index): Finding => ({ outcome: OUTCOMES[(index * 7 + family * 3) % OUTCOMES.length] ?? 'confirmed' })),
  );
  const findingsOf = (turn: number): Finding[] => findings[turn % findings.length] ?? [];
  const partly = findings.map((all) => all.map((finding, index) => (index % 2 === 0 ? finding : undefined)));
  return {
    rules,
    claims: plan.claims.length,
    'plan, kept': measure((turn) => compiled.plan(inputs(turn)).claims.length),
    'plan, worked out': measure((turn) => personal.plan({ ...inputs(turn), childBirthDate: '2020-03-01' }).claims.length),
    evaluate: measure((turn) => evaluate(plan, findingsOf(turn)).possible.length),
    'next claims': measure((turn) => nextClaims(plan, partly[turn % partly.length] ?? []).length),
  };
});

const columns = Object.keys(lines[0] ?? {}) as (keyof (typeof lines)[number])[];
const cell = (value: number): string => (Number.isInteger(value) ? String(value) : value.toFixed(2));
process.stdout.write(`Microseconds of one lookup's rules (CPU time, ${process.version}, middle of five rounds)\n\n`);
process.stdout.write(`| ${columns.join(' | ')} |\n|${columns.map(() => '---:').join('|')}|\n`);
for (const line of lines) process.stdout.write(`| ${columns.map((column) => cell(line[column])).join(' | ')} |\n`);
// The results are used, so that none of the work can be left out.
process.exitCode = kept < 0 ? 1 : 0;
