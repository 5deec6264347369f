import { regionName } from '@vouch/identity';
import type { DeedTax, Guardianship, Home, HouseholdPage, InsuredMonth, Person, Recorded, ResidencePermit, Scheme } from '../family.js';
import { fromMonth } from '../making/calendar.js';
import { type Language, label } from './labels.js';
import { type FamilyView, lagOf, NOTABLE_LAG_DAYS, type PersonView } from './view.js';

/** One family and its facts at each agency, as lines of text. */
export function printFamily(view: FamilyView, language: Language): string {
  const say = (word: string) => label(language, word);
  const { family } = view;
  const facts = [
    say(family.union),
    family.entering && say(family.entering === 'primary' ? 'enters primary school' : 'enters junior middle school'),
  ];
  const title = `■ ${place(family.region)} #${family.index} · ${facts.filter(Boolean).join(' · ')}`;
  return [title, ...view.everyone.map((person) => new PersonPrinter(person, language).print())].join('\n');
}

const place = (region: string): string => `${regionName(region) ?? ''}${region}`;

class PersonPrinter {
  readonly #view: PersonView;
  readonly #language: Language;

  constructor(view: PersonView, language: Language) {
    this.#view = view;
    this.#language = language;
  }

  print(): string {
    const { person } = this.#view;
    const lines = [
      `  ${person.key}${person.kinship === 'child' ? '' : ` (${this.#say(person.kinship)})`}: ${person.name} ${person.idNumber} · ${this.#say(person.sex)} · ${this.#say('born')} ${person.birthDate}`,
    ];
    this.#section(lines, 'police', this.#police());
    this.#section(lines, 'housing', this.#housing());
    this.#section(lines, 'tax', this.#tax());
    this.#section(lines, 'social security', this.#socialSecurity());
    return lines.join('\n');
  }

  #say(word: string): string {
    return label(this.#language, word);
  }

  #section(lines: string[], agency: string, facts: readonly string[]): void {
    if (facts.length > 0) lines.push(`    ${this.#say(agency)}`, ...facts.map((fact) => `      - ${fact}`));
  }

  #police(): string[] {
    const { page, previousPages, unnumberedPages, permits, birthFamily, guardians, wards } = this.#view.police;
    return [
      page ? this.#page(page) : this.#say('no page with this ID number'),
      ...previousPages.map((previous) => this.#page(previous)),
      ...unnumberedPages.map((old) => `${this.#say('old page without ID number')}: ${this.#page(old)}`),
      ...permits.map((permit) => this.#permit(permit)),
      ...(birthFamily.brothers + birthFamily.sisters === 0 ? [this.#say('only child')] : []),
      ...guardians.map((guardianship) => this.#guardianship(this.#say('guardian is'), guardianship.guardian.name, guardianship)),
      ...wards.map((guardianship) => this.#guardianship(this.#say('guardian of'), guardianship.ward.name, guardianship)),
    ];
  }

  #page(page: HouseholdPage): string {
    const book = page.bookType === 'collective' ? this.#say('collective') : `${page.headName} ${this.#say(page.relationToHead)}`;
    const moved = page.movedOutOn === undefined ? '' : `, ${this.#say('moved out')} ${page.movedOutOn}`;
    return `${this.#say('household book')} ${page.bookId} (${book}): ${place(page.region)} ${page.addressCode}, ${this.#say('registered since')} ${this.#when(page)} (${this.#say(page.reason)})${moved}`;
  }

  #permit(permit: ResidencePermit): string {
    const periods = permit.periods.map(({ from, until }) => `${from}…${until}`).join(', ');
    return `${this.#say('residence permit')}: ${place(permit.region)} ${periods}`;
  }

  #guardianship(kind: string, name: string, guardianship: Guardianship): string {
    const { basis, custody, divorcedOn, endedOn } = guardianship;
    const facts = [basis === 'court' ? this.#say('court') : '', this.#say(custody)];
    if (divorcedOn !== undefined) facts.push(`${this.#say('divorced on')} ${divorcedOn}`);
    if (endedOn !== undefined) facts.push(`${this.#say('ended')} ${endedOn}`);
    return `${kind} ${name}: ${facts.filter(Boolean).join(', ')}`;
  }

  #housing(): string[] {
    const { homes, unnumberedHomes, presales, resettlements, leases, publicRentals } = this.#view.housing;
    const names = (people: readonly { readonly name: string }[]) => people.map(({ name }) => name).join('、');
    return [
      ...homes.map((home) => this.#home(home)),
      ...unnumberedHomes.map((home) => `${this.#say('old title without ID number')}: ${this.#home(home)}`),
      ...presales.map(
        (presale) =>
          `${this.#say('pre-sale contract')}: ${place(presale.region)} ${presale.addressCode}, ${this.#when(presale)}, ${this.#say(presale.state)}, ${names(presale.buyers)}${this.#on('pre-notice', presale.preNoticeOn)}${this.#on('handed over', presale.handedOverOn)}`,
      ),
      ...resettlements.map(
        ({ region, addressCode, newAddressCode, happenedOn, holders }) =>
          `${this.#say('resettlement agreement')}: ${place(region)} ${addressCode} → ${newAddressCode}, ${happenedOn}, ${names(holders)}`,
      ),
      ...leases.map(
        (lease) =>
          `${this.#say('lease')}: ${place(lease.region)} ${lease.addressCode}, ${lease.from}…${lease.until}, ${this.#say('registered')} ${this.#when(lease)}, ${names(lease.tenants)}`,
      ),
      ...publicRentals.map(
        (rental) =>
          `${this.#say('public rental')}: ${place(rental.region)} ${rental.addressCode}, ${rental.from}…${rental.until}, ${names(rental.tenants)}`,
      ),
    ];
  }

  #on(what: string, day: string | undefined): string {
    return day === undefined ? '' : `, ${this.#say(what)} ${day}`;
  }

  #home(home: Home): string {
    const owners =
      home.ownership === 'sole'
        ? `${this.#say('sole owner')} ${home.owners[0]?.owner.name}`
        : home.ownership === 'joint'
          ? `${this.#say('joint')} ${home.owners.map(({ owner }) => owner.name).join('、')}`
          : home.owners.map(({ owner, share }) => `${owner.name} ${share}%`).join('、');
    const gone = home.transferredOn === undefined ? '' : `, ${this.#say('transferred on')} ${home.transferredOn}`;
    return `${this.#say('title')}: ${place(home.region)} ${home.addressCode}, ${this.#say(home.use)} ${home.area} m² (${this.#say(home.acquired)}), ${owners}, ${this.#say('registered')} ${this.#when(home)}${gone}`;
  }

  #tax(): string[] {
    const { deedTaxes, businesses, rentalTaxes, filings, invoices } = this.#view.tax;
    return [
      ...deedTaxes.map((tax: DeedTax) => {
        const state = tax.paidOn === undefined ? this.#say('unpaid') : `${this.#say('paid')} ${tax.paidOn}`;
        return `${this.#say('deed tax')}: ${place(tax.region)} ${tax.addressCode}, ${state}`;
      }),
      ...businesses.map(
        (business) =>
          `${this.#say('business')} ${business.businessId} (${this.#say(business.kind)}): ${place(business.region)}, ${business.from}…${business.until ?? this.#say('now')}`,
      ),
      ...(filings.length === 0
        ? []
        : [`${this.#say('declared')}: ${filings.length} ${this.#say('months')}, ${filings[0]?.month}…${filings.at(-1)?.month}`]),
      ...rentalTaxes.map(
        ({ region, addressCode, from, until, happenedOn }) =>
          `${this.#say('rental tax')}: ${place(region)} ${addressCode}, ${from}…${until}, ${this.#say('paid')} ${happenedOn}`,
      ),
      ...invoices.map(
        ({ region, addressCode, full, happenedOn }) =>
          `${this.#say('invoice')}: ${place(region)} ${addressCode}, ${this.#say(full ? 'whole price' : 'down payment')}, ${happenedOn}`,
      ),
    ];
  }

  #socialSecurity(): string[] {
    const { months, employments, flexibleWork } = this.#view.socialSecurity;
    return [
      ...employments.map(
        (job) => `${this.#say('employment')} ${job.employerId}: ${place(job.region)}, ${job.happenedOn}…${job.until ?? this.#say('now')}`,
      ),
      ...flexibleWork.map(
        (work) => `${this.#say('flexible work')}: ${place(work.region)}, ${work.happenedOn}…${work.until ?? this.#say('now')}`,
      ),
      ...this.#schemes(months),
    ];
  }

  /** Schemes with the same months share a line. */
  #schemes(months: readonly InsuredMonth[]): string[] {
    const schemesByRuns = new Map<string, Scheme[]>();
    for (const scheme of new Set(months.map((month) => month.scheme))) {
      const runs = this.#runs(months.filter((month) => month.scheme === scheme));
      schemesByRuns.set(runs, [...(schemesByRuns.get(runs) ?? []), scheme]);
    }
    return [...schemesByRuns].map(([runs, schemes]) => `${schemes.map((scheme) => this.#say(scheme)).join(', ')}: ${runs}`);
  }

  #runs(months: readonly InsuredMonth[]): string {
    const runs = toRuns(months).map(({ first, last }) => {
      const kind =
        first.kind === 'regular'
          ? ''
          : ` (${this.#say(first.kind)}${first.paidOn === undefined ? `, ${this.#say('owed')}` : ` ${first.paidOn}`})`;
      return `${first.month}…${last.month} ${place(first.region)}${kind}`;
    });
    return `${months.length} ${this.#say('months')}, ${runs.join('; ')}`;
  }

  /** The day on which something happened, and the day when the records showed it if that was notably later. */
  #when(record: Recorded): string {
    const { happenedOn, recordedOn } = record;
    return lagOf(record) > NOTABLE_LAG_DAYS ? `${happenedOn} (${this.#say('recorded')} ${recordedOn})` : happenedOn;
  }
}

/** Months that follow each other, in the same place and paid in the same way. */
function toRuns(months: readonly InsuredMonth[]): { first: InsuredMonth; last: InsuredMonth }[] {
  const runs: { first: InsuredMonth; last: InsuredMonth }[] = [];
  for (const month of months) {
    const run = runs[runs.length - 1];
    const follows = run && fromMonth(month.month) === fromMonth(run.last.month) + 1;
    if (run && follows && run.first.region === month.region && run.first.kind === month.kind) run.last = month;
    else runs.push({ first: month, last: month });
  }
  return runs;
}

/** One family and its facts at each agency, as plain data. */
export function toJson(view: FamilyView): Record<string, unknown> {
  const { index, region, union, entering } = view.family;
  const people = view.everyone.map(({ person, police, housing, tax, socialSecurity }) => ({
    key: person.key,
    kinship: person.kinship,
    idNumber: person.idNumber,
    name: person.name,
    sex: person.sex,
    birthDate: person.birthDate,
    police: withoutPerson(police),
    housing: withoutPerson(housing),
    tax: withoutPerson(tax),
    socialSecurity: withoutPerson(socialSecurity),
  }));
  return { index, region, regionName: regionName(region), union, entering: entering ?? null, people };
}

function withoutPerson<T extends { readonly person: Person }>({ person: _person, ...facts }: T): Omit<T, 'person'> {
  return facts;
}
