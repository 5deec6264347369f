import type { Adapter } from '@vouch/adapter-sdk';
import { monthsEarlier } from '@vouch/calendar';
import { createAdapter as createHousingAdapter } from '../../services/registry-housing/src/adapter.js';
import { createAdapter as createPoliceAdapter } from '../../services/registry-police/src/adapter.js';
import { createAdapter as createSocialSecurityAdapter } from '../../services/registry-social-security/src/adapter.js';
import { createAdapter as createTaxAdapter } from '../../services/registry-tax/src/adapter.js';

// Invented families, written down as what four registries have on file; the registries' own rulings answer about them.

/** One person's records. Days are `YYYY-MM-DD`, regions six digits. */
export interface Records {
  readonly book?: { readonly id: string; readonly region: string; readonly since: string; readonly collective?: boolean };
  /** Books before, each until the next. */
  readonly before?: readonly { readonly id: string; readonly region: string; readonly since: string; readonly until: string }[];
  /** Keys of the parents on record. */
  readonly parents?: readonly string[];
  /** How many brothers and sisters are on record. */
  readonly brothers?: number;
  readonly sisters?: number;
  readonly permits?: readonly { readonly region: string; readonly periods: readonly (readonly [from: string, until?: string])[] }[];
  /** Months `YYYY-MM`, inclusive; `except` are not paid, `late` were paid afterwards. */
  readonly insured?: readonly {
    readonly region: string;
    readonly from: string;
    readonly to: string;
    readonly except?: readonly string[];
    readonly late?: readonly string[];
  }[];
  readonly jobs?: readonly { readonly region: string; readonly from: string; readonly until?: string }[];
  /** Flexible work on register. */
  readonly flexible?: readonly { readonly region: string; readonly from: string }[];
  readonly leases?: readonly {
    readonly region: string;
    readonly from: string;
    readonly until: string;
    readonly filed?: string;
    readonly public?: boolean;
  }[];
  readonly resettlements?: readonly { readonly region: string; readonly signed: string }[];
  readonly presales?: readonly { readonly region: string; readonly filed: string }[];
  readonly businesses?: readonly { readonly region: string; readonly from: string; readonly until?: string }[];
  /** Tax on the rent, for a time and paid on a day. */
  readonly rentalTaxes?: readonly { readonly region: string; readonly from: string; readonly until: string; readonly paid: string }[];
  readonly deedTaxes?: readonly { readonly region: string; readonly paid: string }[];
}

/** A family: people by subject key, and what they own. */
export interface Family {
  readonly born?: string;
  /** Shares in percent by subject key; `joint` for joint ownership, which carries none. */
  readonly homes?: readonly {
    readonly region: string;
    readonly since: string;
    readonly owners: Readonly<Record<string, number | 'joint'>>;
    readonly shop?: boolean;
  }[];
  readonly people: Readonly<Record<string, Records>>;
  /** Whose registries do not know them. */
  readonly strangers?: readonly string[];
}

const addressIn = (region: string): string => region.padEnd(18, '1');

/** The four registries' adapters over one family's records, complete to a day. */
export function registriesOf(family: Family, today: string): ReadonlyMap<string, Adapter> {
  const known = ({ idNumber }: { readonly idNumber: string }): Records | undefined =>
    family.strangers?.includes(idNumber) ? undefined : family.people[idNumber];
  const completeTo = today;
  const guardians = ['guardian', 'guardian2'].filter((key) => key in family.people);
  const adapters = [
    createPoliceAdapter({
      completeTo,
      find(person) {
        const records = known(person);
        if (!records) return undefined;
        const { book, before = [], permits = [] } = records;
        const pages = [...before, ...(book ? [{ ...book, until: undefined }] : [])];
        return {
          ...relativeOf(person.idNumber, family),
          parentsOnRecord: () => (records.parents ?? []).map((key) => relativeOf(key, family)),
          household: {
            pages: pages.map((page) => ({
              bookId: page.id,
              collective: 'collective' in page && page.collective === true,
              addressCode: addressIn(page.region),
              registeredOn: page.since,
              movedOutOn: page.until,
            })),
            unnumberedPages: [],
          },
          guardianships: guardians.map((key) => ({ guardianIdNumber: key, from: '2010-01-01', endedOn: undefined })),
          permits: permits.map(({ region, periods }) => ({
            addressCode: addressIn(region),
            appliedOn: periods[0]?.[0] ?? completeTo,
            periods: periods.map(([from, until]) => ({ from, until })),
          })),
        };
      },
    }),
    createHousingAdapter({
      completeTo,
      find(person) {
        const records = known(person);
        if (!records) return undefined;
        return {
          titles: (family.homes ?? [])
            .filter(({ owners }) => person.idNumber in owners)
            .map(({ region, since, owners, shop }) => ({
              addressCode: addressIn(region),
              residential: !shop,
              registeredOn: since,
              handedOverOn: since,
              transferredOn: undefined,
              owners: Object.entries(owners).map(([idNumber, share]) => ({ idNumber, share: share === 'joint' ? undefined : share })),
            })),
          unnumberedTitles: [],
          presales: (records.presales ?? []).map(({ region, filed }) => ({
            addressCode: addressIn(region),
            residential: true,
            filedOn: filed,
            preNoticeOn: undefined,
            handedOverOn: undefined,
            cancelled: false,
          })),
          resettlements: (records.resettlements ?? []).map(({ region, signed }) => ({
            addressCode: addressIn(region),
            newAddressCode: addressIn(region),
            signedOn: signed,
          })),
          leases: (records.leases ?? []).map(({ region, from, until, filed = from, public: publicRental = false }) => ({
            addressCode: addressIn(region),
            from,
            until,
            registeredOn: filed,
            publicRental,
          })),
        };
      },
    }),
    createSocialSecurityAdapter({
      completeTo,
      find(person) {
        const records = known(person);
        if (!records) return undefined;
        const months = (records.insured ?? []).flatMap(({ region, from, to, except = [], late = [] }) =>
          monthsFrom(from, to)
            .filter((month) => !except.includes(month))
            .map((month) => ({
              month,
              scheme: 'pension-employee' as const,
              region,
              byEmployer: true,
              paidOn: `${month}-15`,
              payment: late.includes(month) ? ('late' as const) : ('on-time' as const),
            })),
        );
        return {
          months,
          employments: (records.jobs ?? []).map(({ region, from, until }) => ({ region, from, until })),
          flexibleWork: (records.flexible ?? []).map(({ region, from }) => ({ region, from, until: undefined })),
        };
      },
    }),
    createTaxAdapter({
      completeTo,
      find(person) {
        const records = known(person);
        if (!records) return undefined;
        return {
          deedTaxes: () => (records.deedTaxes ?? []).map(({ region, paid }) => ({ addressCode: addressIn(region), paidOn: paid })),
          businesses: () => (records.businesses ?? []).map(({ region, from, until }) => ({ region, from, until })),
          rentalTaxes: () =>
            (records.rentalTaxes ?? []).map(({ region, from, until, paid }) => ({
              addressCode: addressIn(region),
              from,
              until,
              paidOn: paid,
            })),
          filings: () => [],
          invoices: () => [],
        };
      },
    }),
  ];
  return new Map(adapters.map((adapter) => [adapter.agency, adapter]));
}

function relativeOf(key: string, family: Family) {
  const { parents = [], brothers = 0, sisters = 0 } = family.people[key] ?? {};
  const birthDate = key === 'child' ? (family.born ?? '2014-01-01') : '1985-01-01';
  return { idNumber: key, birthDate, male: key !== 'guardian2', parents, brothers, sisters };
}

function monthsFrom(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= to; month = monthsEarlier(month, -1)) months.push(month);
  return months;
}
