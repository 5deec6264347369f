import type {
  Business,
  Day,
  DeedTax,
  Employment,
  FlexibleWork,
  Home,
  HouseholdPage,
  InsuredMonth,
  PresaleFiling,
  Recorded,
  ResidencePermit,
} from '../family.js';

// What a day's records show: what is recorded later is left out, and endings that come later are undone.

/** Only what is on record by a day. */
export const recordedBy = <T extends { readonly recordedOn: Day }>(today: Day, records: readonly T[]): T[] =>
  records.filter(({ recordedOn }) => recordedOn <= today);

const endedBy = (today: Day, end: Day | undefined): Day | undefined => (end !== undefined && end < today ? end : undefined);

/** Pages on record, newest first; the newest of them is in force. */
export function pagesBy(today: Day, pages: readonly HouseholdPage[]): HouseholdPage[] {
  const [current, ...previous] = recordedBy(today, pages);
  if (!current) return [];
  return [current.movedOutOn === undefined ? current : { ...current, movedOutOn: undefined }, ...previous];
}

export const permitsBy = (today: Day, permits: readonly ResidencePermit[]): ResidencePermit[] =>
  recordedBy(today, permits).map((permit) => ({ ...permit, periods: recordedBy(today, permit.periods) }));

export const homesBy = (today: Day, homes: readonly Home[]): Home[] =>
  recordedBy(today, homes).map((home) =>
    home.transferredOn === endedBy(today, home.transferredOn) ? home : { ...home, transferredOn: undefined },
  );

/** Contracts on record; without the title a fulfilled one is only filed. */
export function presalesBy(today: Day, presales: readonly PresaleFiling[], titled: ReadonlySet<string>): PresaleFiling[] {
  return recordedBy(today, presales).map((presale) => ({
    ...presale,
    preNoticeOn: endedBy(today, presale.preNoticeOn),
    handedOverOn: endedBy(today, presale.handedOverOn),
    state: presale.state === 'fulfilled' && !titled.has(presale.homeId) ? 'filed' : presale.state,
  }));
}

export function deedTaxesBy(today: Day, taxes: readonly DeedTax[]): DeedTax[] {
  return recordedBy(today, taxes).map((tax) =>
    tax.paymentRecordedOn !== undefined && tax.paymentRecordedOn <= today
      ? tax
      : { ...tax, paidOn: undefined, paymentRecordedOn: undefined, receiptNumber: undefined },
  );
}

export const endingsBy = <T extends Recorded & (Business | Employment | FlexibleWork)>(today: Day, records: readonly T[]): T[] =>
  recordedBy(today, records).map((record) => (record.until === endedBy(today, record.until) ? record : { ...record, until: undefined }));

/** Months on record; arrears paid later are owed still. */
export const insuredMonthsBy = (today: Day, months: readonly InsuredMonth[]): InsuredMonth[] =>
  recordedBy(today, months)
    .filter(({ month }) => month <= today.slice(0, 7))
    .map((month) => (month.paidOn !== undefined && month.paidOn > today ? { ...month, paidOn: undefined } : month));
