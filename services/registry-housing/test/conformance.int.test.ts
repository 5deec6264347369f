import { fullMonths, monthsReachedOn } from '@vouch/adapter-sdk/calendar';
import { adapterConformance } from '@vouch/adapter-sdk/conformance';
import { createPopulation, type Family, type HousingFacts, type Person } from '@vouch/population';
import { createHousingAdapter } from '../src/service.js';

const REGION = '370102';
const population = createPopulation();

/** The first person of the region of whom something holds. */
function someone(holds: (facts: HousingFacts, family: Family) => boolean): { person: Person; facts: HousingFacts; family: Family } {
  for (const family of population.familiesOf(REGION)) {
    for (const person of family.people) {
      const facts = population.housing(person);
      if (holds(facts, family)) return { person, facts, family };
    }
  }
  throw new Error('Nobody in the region is like that');
}
const toPerson = ({ idNumber, name }: { idNumber: string; name: string }) => ({ idNumber, name });
const only = <T>(items: readonly T[]): T | undefined => (items.length === 1 ? items[0] : undefined);
const isFamilyHome = (facts: HousingFacts): boolean => {
  const home = only(facts.homes);
  return home?.region === REGION && home.use === 'residential' && home.transferredOn === undefined && facts.unnumberedHomes.length === 0;
};

const sole = someone((facts) => isFamilyHome(facts) && facts.homes[0]?.ownership === 'sole');
const joint = someone((facts) => isFamilyHome(facts) && facts.homes[0]?.ownership === 'joint' && facts.homes[0].owners.length === 2);
const shared = someone((facts) => isFamilyHome(facts) && facts.homes[0]?.ownership === 'shares' && facts.homes[0].owners.length === 2);
const homeless = someone((facts) => facts.homes.length + facts.unnumberedHomes.length + facts.leases.length + facts.presales.length === 0);
const unnumbered = someone(
  (facts) => facts.homes.length === 0 && facts.unnumberedHomes.some(({ region, use }) => region === REGION && use === 'residential'),
);
const buyer = someone((facts) => only(facts.presales)?.state !== 'cancelled' && only(facts.presales)?.use === 'residential');
const tenant = someone(
  (facts) =>
    facts.leases.length === 1 &&
    facts.publicRentals.length === 0 &&
    facts.leases[0]?.region === REGION &&
    facts.leases[0].until > '2026-09-30',
);
const publicTenant = someone((facts) => facts.publicRentals.length === 1);

const withNotice = someone((facts) => only(facts.presales)?.preNoticeOn !== undefined && facts.presales[0]?.use === 'residential');
const waiting = someone(
  (facts) => facts.homes.length === 0 && only(facts.presales)?.state === 'filed' && facts.presales[0]?.handedOverOn === undefined,
);
const resettled = someone((facts) => facts.resettlements.length === 1);
const seller = someone((facts) => {
  const sold = only(facts.homes);
  return sold?.region === REGION && sold.use === 'residential' && sold.transferredOn !== undefined && facts.unnumberedHomes.length === 0;
});

const noticed = withNotice.facts.presales[0] as HousingFacts['presales'][number];
const building = waiting.facts.presales[0] as HousingFacts['presales'][number];
const agreement = resettled.facts.resettlements[0] as HousingFacts['resettlements'][number];
const home = sole.facts.homes[0] as HousingFacts['homes'][number];
const filing = buyer.facts.presales[0] as HousingFacts['presales'][number];
const lease = tenant.facts.leases[0] as HousingFacts['leases'][number];
const publicRental = publicTenant.facts.publicRentals[0] as HousingFacts['publicRentals'][number];
const otherOwner = (of: typeof joint) =>
  toPerson(of.facts.homes[0]?.owners.find(({ owner }) => owner.idNumber !== of.person.idNumber)?.owner ?? { idNumber: '', name: '' });
const ownShare = shared.facts.homes[0]?.owners.find(({ owner }) => owner.idNumber === shared.person.idNumber)?.share ?? 0;

adapterConformance(createHousingAdapter(population), {
  unknownPerson: { idNumber: '375001190001010011', name: '无名氏' },
  cases: [
    {
      claimType: 'owns-home',
      parameters: { region: home.addressCode, registeredBefore: home.happenedOn, minimumShare: 100 },
      persons: { subject: toPerson(sole.person) },
      outcome: 'confirmed',
      disclosures: { since: home.happenedOn, months: fullMonths(home.happenedOn, population.asOf('housing')) },
    },
    {
      claimType: 'owns-home',
      parameters: { region: REGION, registeredBefore: '1990-01-01' },
      persons: { subject: toPerson(sole.person) },
      outcome: 'refuted',
      disclosures: { months: fullMonths(home.happenedOn, population.asOf('housing')) },
    },
    {
      claimType: 'owns-home',
      parameters: { region: REGION, minimumShare: 50 },
      persons: { subject: toPerson(joint.person) },
      outcome: 'ambiguous',
    },
    {
      claimType: 'owns-home',
      parameters: { region: REGION, minimumShare: 100 },
      persons: { subject: toPerson(joint.person), coOwner: otherOwner(joint) },
      outcome: 'confirmed',
    },
    {
      claimType: 'owns-home',
      parameters: { region: REGION, minimumShare: ownShare },
      persons: { subject: toPerson(shared.person) },
      outcome: 'confirmed',
    },
    {
      claimType: 'owns-home',
      parameters: { region: REGION, minimumShare: ownShare + 1 },
      persons: { subject: toPerson(shared.person) },
      outcome: 'refuted',
    },
    { claimType: 'owns-home', parameters: { region: REGION }, persons: { subject: toPerson(unnumbered.person) }, outcome: 'ambiguous' },
    {
      claimType: 'presale-contract',
      parameters: { region: filing.region, filedBefore: filing.happenedOn },
      persons: { subject: toPerson(buyer.person) },
      outcome: 'confirmed',
      disclosures: { since: filing.happenedOn },
    },
    {
      claimType: 'presale-contract',
      parameters: { region: '37', filedBefore: '2001-01-01' },
      persons: { subject: toPerson(buyer.person) },
      outcome: 'refuted',
    },
    {
      claimType: 'owns-home',
      parameters: { region: REGION, minimumShare: 1, restWithOthers: true },
      persons: { subject: toPerson(shared.person), otherOwner: otherOwner(shared) },
      outcome: 'confirmed',
    },
    {
      claimType: 'owns-home',
      parameters: { region: REGION, moreThanShare: ownShare, restWithOthers: true },
      persons: { subject: toPerson(shared.person), otherOwner: otherOwner(shared) },
      outcome: 'refuted',
    },
    {
      claimType: 'presale-contract',
      parameters: { region: noticed.region, filedBefore: noticed.happenedOn, preNoticeBefore: noticed.preNoticeOn },
      persons: { subject: toPerson(withNotice.person) },
      outcome: 'confirmed',
    },
    {
      claimType: 'handed-over',
      parameters: { region: home.addressCode, handedOverBefore: home.handedOverOn },
      persons: { subject: toPerson(sole.person) },
      outcome: 'confirmed',
      disclosures: { since: home.handedOverOn },
    },
    {
      claimType: 'handed-over',
      parameters: { region: building.region, handedOverBefore: '2026-12-31' },
      persons: { subject: toPerson(waiting.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    {
      claimType: 'resettlement-agreement',
      parameters: { region: agreement.addressCode, signedBefore: agreement.happenedOn },
      persons: { subject: toPerson(resettled.person) },
      outcome: 'confirmed',
      disclosures: { since: agreement.happenedOn },
    },
    {
      claimType: 'resettlement-agreement',
      parameters: { region: '37' },
      persons: { subject: toPerson(homeless.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    {
      claimType: 'no-home-in',
      parameters: { region: REGION, noneTransferredMonths: 240 },
      persons: { subject: toPerson(seller.person) },
      outcome: 'refuted',
      disclosures: { earliestIfUnchanged: monthsReachedOn(seller.facts.homes[0]?.transferredOn ?? '', 240) },
    },
    {
      claimType: 'registered-lease',
      parameters: { region: publicRental.addressCode, coversDate: publicRental.until },
      persons: { subject: toPerson(publicTenant.person) },
      outcome: 'confirmed',
    },
    {
      claimType: 'registered-lease',
      parameters: { region: REGION, coversDate: lease.from, registeredBefore: lease.happenedOn },
      persons: { subject: toPerson(tenant.person) },
      outcome: 'confirmed',
      disclosures: { months: 0 },
    },
    {
      claimType: 'registered-lease',
      parameters: { region: REGION, coversDate: lease.from, minimumMonths: 1 },
      persons: { subject: toPerson(tenant.person) },
      outcome: 'refuted',
      disclosures: { months: 0, earliestIfUnchanged: monthsReachedOn(lease.from, 1) },
    },
    {
      claimType: 'no-home-in',
      parameters: { region: ['370102', '370103'] },
      persons: { subject: toPerson(homeless.person) },
      outcome: 'confirmed',
    },
    {
      claimType: 'no-home-in',
      parameters: { region: ['370103', '370102'] },
      persons: { subject: toPerson(sole.person) },
      outcome: 'refuted',
    },
    { claimType: 'no-home-in', parameters: { region: REGION }, persons: { subject: toPerson(unnumbered.person) }, outcome: 'ambiguous' },
  ],
});
