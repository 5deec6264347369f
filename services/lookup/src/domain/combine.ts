import { type AgencyOutcome, type Finding, unavailable } from './claim.js';

/** Makes one finding of what several providers said about one claim; `combined` is their outcome together. */
export function combineFindings(findings: readonly Finding<AgencyOutcome>[], combined: AgencyOutcome): Finding {
  const [only] = findings;
  if (findings.length === 1 && only) return only;
  const deciding = findings.filter(({ outcome }) => outcome === combined);
  if (combined === 'unavailable') {
    const open = deciding.find(({ retryable }) => retryable) ?? deciding[0];
    return open ?? unavailable('no_provider', false);
  }
  // The records are complete only to the earliest day that a deciding provider can vouch for.
  const days = deciding.map(({ asOf }) => asOf);
  const asOf = days.every((day) => day !== undefined) ? days.sort()[0] : undefined;
  return {
    outcome: combined,
    ...(asOf ? { asOf } : {}),
    // What two providers disclose under one name cannot be added up here: only what they agree on, or one says, is shown.
    disclosures: agreed(deciding.map(({ disclosures }) => disclosures)),
    retryable: false,
  };
}

function agreed(all: readonly Finding['disclosures'][]): Finding['disclosures'] {
  const names = [...new Set(all.flatMap((disclosures) => Object.keys(disclosures)))];
  return Object.fromEntries(
    names.flatMap((name) => {
      const values = [...new Set(all.flatMap((disclosures) => disclosures[name] ?? []))];
      const [value] = values;
      return values.length === 1 && value !== undefined ? [[name, value]] : [];
    }),
  );
}
