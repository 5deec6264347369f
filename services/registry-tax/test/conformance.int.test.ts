import { adapterConformance } from '@vouch/adapter-sdk/conformance';
import { createPopulation, type Person, type TaxFacts } from '@vouch/population';
import { createTaxAdapter } from '../src/service.js';

const REGION = '370102';
const population = createPopulation();

/** The first person of the region of whom something holds. */
function someone(holds: (facts: TaxFacts) => boolean): { person: Person; facts: TaxFacts } {
  for (const family of population.familiesOf(REGION)) {
    for (const person of family.people) {
      const facts = population.tax(person);
      if (holds(facts)) return { person, facts };
    }
  }
  throw new Error('Nobody in the region is like that');
}
const toPerson = ({ idNumber, name }: Person) => ({ idNumber, name });

const buyer = someone(({ deedTaxes }) => deedTaxes.length === 1 && deedTaxes[0]?.paidOn !== undefined);
const debtor = someone(({ deedTaxes }) => deedTaxes.length === 1 && deedTaxes[0]?.paidOn === undefined);
const trader = someone(({ businesses }) => businesses.length === 1 && businesses[0]?.until === undefined);
const former = someone(({ businesses }) => businesses.length === 1 && businesses[0]?.until !== undefined);

const tenant = someone(({ rentalTaxes }) => rentalTaxes.length === 1 && (rentalTaxes[0]?.happenedOn ?? '') <= '2026-08-31');
const invoiced = someone(({ invoices }) => invoices.length === 1 && invoices[0]?.full === true);
const downPaid = someone(({ invoices }) => invoices.length === 1 && invoices[0]?.full === false);
const rent = tenant.facts.rentalTaxes[0] as TaxFacts['rentalTaxes'][number];
const invoice = invoiced.facts.invoices[0] as TaxFacts['invoices'][number];
const declaring = someone(({ filings }) => filings.length >= 24 && filings.at(-1)?.month === '2026-08');
const declared = declaring.facts.filings.at(-1)?.month ?? '';

const tax = buyer.facts.deedTaxes[0] as TaxFacts['deedTaxes'][number];
const business = trader.facts.businesses[0] as TaxFacts['businesses'][number];
const closed = former.facts.businesses[0] as TaxFacts['businesses'][number];

adapterConformance(createTaxAdapter(population), {
  unknownPerson: { idNumber: '375001190001010011', name: '无名氏' },
  cases: [
    {
      claimType: 'deed-tax-paid',
      parameters: { region: tax.addressCode, paidBefore: tax.paidOn },
      persons: { subject: toPerson(buyer.person) },
      outcome: 'confirmed',
      disclosures: { paid: tax.paidOn ?? '' },
    },
    {
      claimType: 'deed-tax-paid',
      parameters: { region: '37', paidBefore: '1990-01-01' },
      persons: { subject: toPerson(buyer.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    { claimType: 'deed-tax-paid', parameters: { region: '37' }, persons: { subject: toPerson(debtor.person) }, outcome: 'refuted' },
    {
      claimType: 'purchase-invoice',
      parameters: { region: invoice.addressCode, issuedBefore: invoice.happenedOn },
      persons: { subject: toPerson(invoiced.person) },
      outcome: 'confirmed',
      disclosures: { since: invoice.happenedOn },
    },
    {
      claimType: 'purchase-invoice',
      parameters: { region: '37' },
      persons: { subject: toPerson(downPaid.person) },
      outcome: 'refuted',
      disclosures: {},
    },
    {
      claimType: 'rental-tax-paid',
      parameters: { region: rent.addressCode, coversDate: rent.from },
      persons: { subject: toPerson(tenant.person) },
      outcome: 'confirmed',
      disclosures: { months: 0, since: rent.from },
    },
    {
      claimType: 'rental-tax-paid',
      parameters: { region: '37', coversDate: '2001-01-01' },
      persons: { subject: toPerson(tenant.person) },
      outcome: 'refuted',
      disclosures: { earliestIfUnchanged: rent.from },
    },
    {
      claimType: 'filed-months',
      parameters: { atLeast: 1, endingAt: declared },
      persons: { subject: toPerson(declaring.person) },
      outcome: 'confirmed',
    },
    {
      claimType: 'filed-months',
      parameters: { atLeast: 1, endingAt: '2001-01' },
      persons: { subject: toPerson(buyer.person) },
      outcome: 'refuted',
    },
    {
      claimType: 'business-active',
      parameters: { region: business.region, at: business.from },
      persons: { subject: toPerson(trader.person) },
      outcome: 'confirmed',
      disclosures: { months: 0, since: business.from },
    },
    {
      claimType: 'business-active',
      parameters: { region: closed.region, at: closed.until },
      persons: { subject: toPerson(former.person) },
      outcome: 'confirmed',
    },
    {
      claimType: 'business-active',
      parameters: { region: business.region, at: '1990-01-01' },
      persons: { subject: toPerson(trader.person) },
      outcome: 'refuted',
      disclosures: { earliestIfUnchanged: business.from },
    },
  ],
});
