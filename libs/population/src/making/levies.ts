import type { Business, PurchaseInvoice, RentalTax, TaxFiling } from '../family.js';
import { fromDay, lastDayOf, monthOf, toDay, toMonth } from './calendar.js';
import { Draws, mix, PART } from './draws.js';
import type { Housing } from './homes.js';
import type { Life } from './life.js';
import { recordedAfter, STORY_END } from './world.js';

// What the tax bureau knows beside deed taxes and licences. Drawn apart from what it belongs to, so that homes, leases and businesses of a seed stay
// as they were.

const TAXED_RENTS = 0.4;
const FILING_MONTHS = 60;
/** A month is declared by the 15th of the next. */
const FILING_DAYS = 15;
const CARELESS = 0.08;

/** Tax on a family's rent: some landlords pay it, most of them when the lease is registered, and in time for each renewal. */
export function makeRentalTaxes(life: Life, { leases }: Pick<Housing, 'leases'>): RentalTax[] {
  const draws = new Draws(life.world.seed, life.index, PART.levies);
  if (!draws.chance(TAXED_RENTS)) return [];
  const late = draws.chance(0.2);
  return leases.toReversed().flatMap((lease): RentalTax[] => {
    const paidOn = fromDay(lease.happenedOn) + (late ? draws.int(20, 200) : draws.int(0, 12));
    const { region, addressCode, tenants, from, until } = lease;
    if (paidOn > STORY_END) return [];
    return [
      {
        receiptNumber: `合成ZS${toDay(paidOn).replaceAll('-', '')}${addressCode.slice(6)}`,
        region,
        addressCode,
        tenants,
        from,
        until,
        happenedOn: toDay(paidOn),
        recordedOn: toDay(recordedAfter(draws, paidOn, [1, 1])),
      },
    ];
  });
}

/** The months that a business declared, oldest first: mostly all of them, some with nothing to pay. */
export function makeFilings(life: Life, { businessId, region, from, until }: Business): TaxFiling[] {
  const key = mix(life.world.seed, life.index, PART.levies);
  const careless = (key % 1000) / 1000 < CARELESS;
  const last = monthOf(until === undefined ? STORY_END : fromDay(until));
  const filings: TaxFiling[] = [];
  for (let month = Math.max(monthOf(fromDay(from)), monthOf(STORY_END) - FILING_MONTHS); month <= last; month++) {
    const chance = mix(key, month, 1);
    if (careless && chance % 10 === 0) continue;
    const filedOn = lastDayOf(month) + 1 + ((chance >>> 4) % FILING_DAYS);
    filings.push({
      businessId,
      month: toMonth(month),
      region,
      zero: (chance >>> 10) % 100 < 45,
      happenedOn: toDay(filedOn),
      recordedOn: toDay(filedOn),
    });
  }
  return filings;
}

/** Invoices for what a family bought: for the whole price, or for a down payment while a home is built. */
export function makeInvoices(life: Life, { homes, presales }: Pick<Housing, 'homes' | 'presales'>): PurchaseInvoice[] {
  const invoice = (
    home: Pick<PurchaseInvoice, 'homeId' | 'region' | 'addressCode' | 'buyers'>,
    issuedOn: number,
    full: boolean,
  ): PurchaseInvoice => ({
    invoiceNumber: `合成FP${toDay(issuedOn).slice(0, 4)}${home.addressCode}`,
    homeId: home.homeId,
    region: home.region,
    addressCode: home.addressCode,
    buyers: home.buyers,
    full,
    happenedOn: toDay(issuedOn),
    recordedOn: toDay(issuedOn),
  });
  const chanceOf = (addressCode: string): number => mix(life.world.seed, Number(addressCode.slice(9)) % 2 ** 31, PART.levies);
  const contracts = presales
    .filter(({ state }) => state !== 'cancelled')
    .map((presale) => {
      const chance = chanceOf(presale.addressCode);
      const signedOn = fromDay(presale.signedOn);
      const full = presale.state === 'fulfilled' || chance % 100 < 72;
      return invoice(presale, Math.min(signedOn + (full ? 1 + ((chance >>> 8) % 60) : 0), STORY_END), full);
    });
  const secondHand = homes
    .filter(({ acquired }) => acquired === 'second-hand')
    .map((home) => invoice({ ...home, buyers: home.owners.map(({ owner }) => owner) }, fromDay(home.happenedOn), true));
  return [...contracts, ...secondHand];
}
