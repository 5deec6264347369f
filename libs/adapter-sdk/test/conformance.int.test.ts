import { z } from 'zod';
import { adapterConformance } from '../src/conformance.js';
import { defineAdapter, type Finding } from '../src/index.js';
import { LI, NOBODY, WANG } from './example-adapter.js';

// The suite itself, on an adapter as an engineer would begin it.
const NAMES = new Map([LI, WANG].map((person) => [person.idNumber, person.name]));
const notFound: Finding<never> = { outcome: 'not_found' };

const adapter = defineAdapter({
  agency: 'housing',
  regions: ['3701'],
  largestBatch: 50,
  claimTypes: {
    'knows-both': {
      version: 3,
      parameters: z.strictObject({ truth: z.boolean() }),
      routing: { combine: 'all' },
      involves: { guardian: 'required' },
      discloses: { months: 'integer', kind: 'code', since: 'date', sole: 'boolean' },
      check: (batch) =>
        batch.map(({ parameters, persons }) => {
          const known = [persons.subject, persons.guardian].every(({ idNumber, name }) => NAMES.get(idNumber) === name);
          if (!known) return notFound;
          return parameters.truth
            ? { outcome: 'confirmed', disclosures: { months: 3, kind: 'new-build', since: '2026-01-01', sole: true } }
            : { outcome: 'refuted' };
        }),
    },
  },
});

const persons = { subject: LI, guardian: WANG };
adapterConformance(adapter, {
  unknownPerson: NOBODY,
  cases: [
    {
      claimType: 'knows-both',
      parameters: { truth: true },
      persons,
      outcome: 'confirmed',
      disclosures: { months: 3, kind: 'new-build', since: '2026-01-01', sole: true },
    },
    { claimType: 'knows-both', parameters: { truth: false }, persons, outcome: 'refuted', disclosures: {} },
  ],
});
